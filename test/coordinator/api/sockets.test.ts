// What only a real socket shows: bytes that are no HTTP, and a body that does not end.
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildState } from '../../support/cluster-builder.ts';
import { type ServedState, serveState } from './served-state.ts';

let served: ServedState;

beforeAll(async () => {
  served = await serveState(buildState({ servers: {}, volumes: {} }));
  await served.api.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => served.api.close());

const head = 'PUT /v1/volumes/vol1/policy HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

test.each([
  ['garbage', '\u0000\u0001\u0002 nonsense\r\n\r\n', 'HTTP/1.1 400 Bad Request', 'bad-input'],
  [
    'endless headers',
    `GET / HTTP/1.1\r\nx: ${'y'.repeat(100_000)}`,
    'HTTP/1.1 413 Payload Too Large',
    'too-large',
  ],
  ['no host', 'GET /livez HTTP/1.1\r\n\r\n', 'HTTP/1.1 400 Bad Request', null],
  [
    'a body of 10 MB',
    `${head}content-length: 10000000\r\n\r\n{`,
    'HTTP/1.1 413 Payload Too Large',
    'too-large',
  ],
  [
    'a body without a declared end',
    `${head}transfer-encoding: chunked\r\n\r\n20000\r\n${' '.repeat(0x20000)}\r\n`,
    'HTTP/1.1 413 Payload Too Large',
    'too-large',
  ],
])('%s is answered and changes nothing', async (_, bytes, status, code) => {
  const answer = await exchange(bytes);
  expect(answer.split('\r\n')[0]).toBe(status);
  if (code !== null) {
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ code });
  }
  expect((await served.api.inject('/livez')).statusCode).toBe(200);
  expect(served.store.load().policies.size).toBe(0);
});

async function exchange(bytes: string): Promise<string> {
  const { port } = served.api.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  // The server may close while it is still being sent to; what it said by then is what counts.
  socket.on('error', () => {});
  socket.write(bytes);
  socket.setTimeout(5000, () => socket.destroy());
  let answer = '';
  socket.setEncoding('utf8');
  for await (const part of socket) {
    answer += part;
    if (isWhole(answer)) break;
  }
  socket.destroy();
  return answer;
}

function isWhole(answer: string): boolean {
  const length = /content-length: (\d+)/i.exec(answer)?.[1];
  return length !== undefined && answer.length - answer.indexOf('\r\n\r\n') - 4 >= Number(length);
}
