// The client against a real unix socket, behind which a test plays the privileged process.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPrivilegedClient, type PrivilegedClient } from '../../agent/privileged-client.ts';
import type { PlanId, ServerName } from '../../shared/model/names.ts';
import type { Outcome } from '../../shared/model/order.ts';
import type { PrivilegedRequest } from '../../shared/protocol/privileged.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { sampleGluster } from '../support/sample-sections.ts';

type Play = (request: PrivilegedRequest, socket: Socket) => void;

let directory: string;
let path: string;
let clock: ManualClock;
let client: PrivilegedClient;
let server: Server | null = null;
const sockets = new Set<Socket>();

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mortar-client-'));
  path = join(directory, 'privileged.sock');
  clock = createManualClock();
  client = createPrivilegedClient(path, clock);
});
afterEach(async () => {
  client.close();
  await close();
  rmSync(directory, { recursive: true });
});

async function listen(play: Play): Promise<void> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (line) => play(JSON.parse(line), socket));
  });
  await new Promise<void>((resolve) => server!.listen(path, resolve));
}

async function close(): Promise<void> {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await new Promise<unknown>((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
}

const say = (socket: Socket, response: object) => socket.write(`${JSON.stringify(response)}\n`);
const seen =
  (value: unknown): Play =>
  (request, socket) =>
    say(socket, { id: request.id, kind: 'seen', value });
const order = { payload: '{}', signature: 'x' };

test('a look answers with what root sees', async () => {
  await listen(seen(sampleGluster()));
  expect(await client.look('gluster')).toEqual(sampleGluster());
});

test('an order is passed on as it is, and answers with its outcome', async () => {
  const outcome: Outcome = {
    orderId: '1',
    plan: 'grow-x' as PlanId,
    stepIndex: 0,
    server: 'gluster1' as ServerName,
    kind: 'done',
    message: '',
    beganAt: 1,
    endedAt: 2,
  };
  const requests: PrivilegedRequest[] = [];
  await listen((request, socket) => {
    requests.push(request);
    say(socket, { id: request.id, kind: 'outcome', outcome });
  });
  expect(await client.order(order)).toEqual(outcome);
  expect(requests).toEqual([{ id: 0, kind: 'order', order }]);
});

test('answers may come in another order, in pieces, and many in one piece', async () => {
  const held: number[] = [];
  await listen((request, socket) => {
    held.push(request.id);
    if (held.length < 3) return;
    const text = held
      .reverse()
      .map((id) => `${JSON.stringify({ id, kind: 'seen', value: id })}\n`)
      .join('');
    socket.write(text.slice(0, 10), () => setImmediate(() => socket.write(text.slice(10))));
  });
  expect(await Promise.all([client.look('epoch'), client.look('epoch'), client.look('epoch')])).toEqual([
    0, 1, 2,
  ]);
});

test.each<[string, Play, string, string | RegExp]>([
  [
    'an error',
    ({ id }, socket) =>
      say(socket, { id, kind: 'error', code: 'command-failed', message: 'glusterd is down' }),
    'command-failed',
    'glusterd is down',
  ],
  [
    'an error of a code that this side does not know',
    ({ id }, socket) => say(socket, { id, kind: 'error', code: 'novel', message: 'so it is' }),
    'internal',
    'so it is',
  ],
  [
    'a value that does not fit',
    seen({ uuid: 'no' }),
    'bad-output',
    /what the privileged process saw as gluster/,
  ],
  ['nothing as a value', seen(null), 'bad-output', /gluster/],
  [
    'an outcome instead of a value',
    ({ id }, socket) => say(socket, { id, kind: 'outcome', outcome: {} }),
    'privileged-unavailable',
    /30 s/,
  ],
  ['garbage', (_, socket) => socket.write('what?\n'), 'privileged-unavailable', /has not answered for 30 s/],
  [
    'the answer to another question',
    (_, socket) => say(socket, { id: 77, kind: 'seen', value: 1 }),
    'privileged-unavailable',
    /30 s/,
  ],
  ['silence', () => {}, 'privileged-unavailable', 'the privileged process has not answered for 30 s'],
  ['its end', (_, socket) => socket.destroy(), 'privileged-unavailable', 'the privileged process hung up'],
  [
    'a line that never ends',
    (_, socket) => socket.write('x'.repeat(5 * 1024 * 1024)),
    'privileged-unavailable',
    /hung up/,
  ],
])('a look that is answered with %s throws', async (_, play, code, message) => {
  const arrived = Promise.withResolvers<void>();
  await listen((request, socket) => {
    play(request, socket);
    arrived.resolve();
  });
  const look = client.look('gluster').catch((error: unknown) => error);
  await arrived.promise;
  // What was answered is on its way through the kernel; only what is never answered needs the limit.
  if (/30 s/.test(String(message))) await clock.advance(30_000);
  expect(await look).toMatchObject({ code, message: expect.stringMatching(message) });
});

test('while nobody listens every question says so at once, and when somebody does it is answered', async () => {
  await expect(client.look('epoch')).rejects.toMatchObject({
    code: 'privileged-unavailable',
    message: `nobody answers at ${path}`,
  });
  await expect(client.order(order)).rejects.toMatchObject({ code: 'privileged-unavailable' });
  await listen(seen(7));
  expect(await client.look('epoch')).toBe(7);
});

test('after the privileged process was started anew the next question is answered', async () => {
  await listen(seen(1));
  expect(await client.look('epoch')).toBe(1);
  await close();
  await expect(client.look('epoch')).rejects.toMatchObject({ code: 'privileged-unavailable' });
  await listen(seen(2));
  expect(await client.look('epoch')).toBe(2);
});

test('sixteen questions may wait, and what is more is refused', async () => {
  await listen(() => {});
  const waiting = Array.from({ length: 16 }, () => client.look('epoch').catch((error: unknown) => error));
  await expect(client.look('epoch')).rejects.toThrow('16 questions wait for an answer already');
  await clock.advance(30_000);
  await Promise.all(waiting);
  void client.look('epoch').catch(() => {});
  expect(clock.pending()).toBe(1);
});

test('an answer that comes after the limit is nobody’s', async () => {
  const late: Array<() => void> = [];
  await listen((request, socket) =>
    late.push(() => say(socket, { id: request.id, kind: 'seen', value: request.id })),
  );
  const first = client.look('epoch').catch((error: unknown) => error);
  await clock.advance(30_000);
  expect(await first).toMatchObject({ code: 'privileged-unavailable' });
  const second = client.look('epoch');
  await expect.poll(() => late.length).toBe(2);
  for (const answer of late) answer();
  expect(await second).toBe(1);
});
