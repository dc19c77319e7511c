// A group by its name.
import { expect, test } from 'vitest';
import { findGroup } from '../../../../agent/privileged/socket/find-group.ts';

test('the group root is number 0', async () => {
  expect(await findGroup('root')).toBe(0);
});

test.each(['no-such-group', '', 'root:x:0:', 'roo'])(
  '%j is no group, and the error says who makes it',
  async (name) => {
    await expect(findGroup(name)).rejects.toMatchObject({ code: 'bad-config' });
  },
);
