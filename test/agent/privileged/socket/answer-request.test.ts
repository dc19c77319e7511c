// What goes wrong behind a request: an answer, unless it is a bug. That the rest is answered is in server.test.ts.
import { expect, test } from 'vitest';
import { type Answers, answerRequest } from '../../../../agent/privileged/socket/answer-request.ts';
import { AssertionError } from '../../../../shared/lib/assert.ts';

const failing = (error: Error): Answers => {
  const fail = () => Promise.reject(error);
  return { looks: { gluster: fail, bricks: fail, ports: fail, epoch: fail }, obey: fail };
};
const requests = [
  { id: 1, kind: 'look' as const, look: 'bricks' as const },
  { id: 2, kind: 'order' as const, order: { payload: '{}', signature: 'x' } },
];

test.each(requests)(
  'a bug behind a request for a $kind is no answer: it ends the process',
  async (request) => {
    const bug = new AssertionError('a brick must have a path');
    await expect(answerRequest(request, failing(bug))).rejects.toBe(bug);
  },
);

test.each(requests)('an error of the system behind a request for a $kind is told', async (request) => {
  expect(await answerRequest(request, failing(new Error('EIO')))).toEqual({
    id: request.id,
    kind: 'error',
    code: 'internal',
    message: 'EIO',
  });
});
