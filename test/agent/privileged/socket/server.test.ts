// The socket as anybody may use it: a real unix socket, well-formed requests and everything else.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answers } from '../../../../agent/privileged/socket/answer-request.ts';
import { serveSocket } from '../../../../agent/privileged/socket/server.ts';
import { MortarError } from '../../../../shared/lib/errors.ts';
import type { PrivilegedResponse } from '../../../../shared/protocol/privileged.ts';
import { makeOutcome } from '../orders/make-outcome.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const signed = { payload: '{}', signature: 'x' };
let directory: string;
let path: string;
let stops: (() => unknown)[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortar-socket-'));
  path = join(directory, 'privileged.sock');
  stops = [];
});
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  await rm(directory, { recursive: true });
});

const workingLooks: Answers['looks'] = {
  gluster: () => Promise.reject(new MortarError('command-failed', 'glusterd is down')),
  bricks: async () => [],
  ports: () => Promise.reject(new Error('no such file')),
  epoch: async () => 7,
};

async function serve(answers: Partial<Answers> = {}): Promise<void> {
  const obey = async () => makeOutcome('a');
  const answersInAll = { looks: workingLooks, obey, ...answers };
  stops.push(await serveSocket({ path, groupId: process.getgid?.() ?? 0, log, answers: answersInAll }));
}

interface Client {
  socket: Socket;
  say(request: unknown): void;
  hear(): Promise<PrivilegedResponse | 'closed'>;
}

async function open(): Promise<Client> {
  const socket = connect(path);
  stops.push(() => socket.destroy());
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return {
    socket,
    say: (request) => socket.write(`${JSON.stringify(request)}\n`),
    async hear() {
      const { value, done } = await lines.next();
      return done ? 'closed' : JSON.parse(value);
    },
  };
}

describe('a request', () => {
  test('for a look is answered with what was seen', async () => {
    await serve();
    const client = await open();
    client.say({ id: 1, kind: 'look', look: 'epoch' });
    expect(await client.hear()).toEqual({ id: 1, kind: 'seen', value: 7 });
  });

  test('for a look that fails is answered with its error, and the connection stays', async () => {
    await serve();
    const client = await open();
    client.say({ id: 1, kind: 'look', look: 'gluster' });
    expect(await client.hear()).toEqual({
      id: 1,
      kind: 'error',
      code: 'command-failed',
      message: 'glusterd is down',
    });
    client.say({ id: 2, kind: 'look', look: 'ports' });
    expect(await client.hear()).toEqual({ id: 2, kind: 'error', code: 'internal', message: 'no such file' });
    client.say({ id: 3, kind: 'look', look: 'bricks' });
    expect(await client.hear()).toEqual({ id: 3, kind: 'seen', value: [] });
  });

  test('with an order is answered with its outcome', async () => {
    await serve({ obey: async (order) => makeOutcome(order.payload) });
    const client = await open();
    client.say({ id: 9, kind: 'order', order: signed });
    expect(await client.hear()).toEqual({ id: 9, kind: 'outcome', outcome: makeOutcome('{}') });
  });

  test('does not wait for one that came before it', async () => {
    const gate = Promise.withResolvers<void>();
    await serve({ obey: () => gate.promise.then(() => makeOutcome('a')) });
    const client = await open();
    client.say({ id: 1, kind: 'order', order: signed });
    client.say({ id: 2, kind: 'look', look: 'epoch' });
    expect(await client.hear()).toMatchObject({ id: 2 });
    gate.resolve();
    expect(await client.hear()).toMatchObject({ id: 1 });
  });
});

describe('garbage is answered with one error, and the connection is closed:', () => {
  const garbage: [string, string | Uint8Array][] = [
    ['text', 'hello\n'],
    ['an empty line', '\n'],
    ['bytes that are no text', Uint8Array.from([0xff, 0xfe, 0x00, 0x0a])],
    ['JSON that is no request', '{"id":1}\n'],
    ['a look that does not exist', '{"id":1,"kind":"look","look":"shadow"}\n'],
    ['a look named like a property of every object', '{"id":1,"kind":"look","look":"constructor"}\n'],
    ['an id that is no number', '{"id":"1","kind":"look","look":"epoch"}\n'],
    ['an order without a signature', '{"id":1,"kind":"order","order":{"payload":"{}"}}\n'],
    [
      'a payload that is too long',
      `{"id":1,"kind":"order","order":{"payload":"${'x'.repeat(262_145)}","signature":""}}\n`,
    ],
    ['null', 'null\n'],
    ['a number too deep to parse', `${'['.repeat(100_000)}\n`],
  ];
  test.each(garbage)('%s', async (_, bytes) => {
    await serve();
    const client = await open();
    client.socket.write(bytes);
    expect(await client.hear()).toEqual({
      id: 0,
      kind: 'error',
      code: 'bad-message',
      message: 'not a request',
    });
    expect(await client.hear()).toBe('closed');
    const next = await open();
    next.say({ id: 1, kind: 'look', look: 'epoch' });
    expect(await next.hear()).toEqual({ id: 1, kind: 'seen', value: 7 });
  });

  test('a line longer than 512 KiB, before its end has come', async () => {
    await serve();
    const client = await open();
    client.socket.write(Buffer.alloc(512 * 1024 + 1, 'x'));
    expect(await client.hear()).toMatchObject({ id: 0, code: 'too-large' });
    expect(await client.hear()).toBe('closed');
  });

  test('and what follows it on the same connection is not obeyed', async () => {
    let obeyed = 0;
    await serve({
      obey: async () => {
        obeyed += 1;
        return makeOutcome('a');
      },
    });
    const client = await open();
    client.socket.write(`garbage\n${JSON.stringify({ id: 1, kind: 'order', order: signed })}\n`);
    expect(await client.hear()).toMatchObject({ code: 'bad-message' });
    expect(await client.hear()).toBe('closed');
    expect(obeyed).toBe(0);
  });
});

describe('limits', () => {
  test('a fifth connection is turned away, and there is room again when one has gone', async () => {
    await serve();
    const clients = [await open(), await open(), await open(), await open()];
    const fifth = await open();
    expect(await fifth.hear()).toMatchObject({ id: 0, code: 'too-large' });
    expect(await fifth.hear()).toBe('closed');
    clients[0]?.socket.end();
    expect(await clients[0]?.hear()).toBe('closed');
    const sixth = await open();
    sixth.say({ id: 1, kind: 'look', look: 'epoch' });
    expect(await sixth.hear()).toMatchObject({ kind: 'seen' });
  });

  test('a seventeenth request at once gets an error of its own, and the others their answers', async () => {
    const gate = Promise.withResolvers<void>();
    await serve({ obey: () => gate.promise.then(() => makeOutcome('a')) });
    const client = await open();
    for (let id = 1; id <= 17; id += 1) client.say({ id, kind: 'order', order: signed });
    expect(await client.hear()).toMatchObject({ id: 17, kind: 'error', code: 'too-large' });
    gate.resolve();
    for (let id = 1; id <= 16; id += 1) expect(await client.hear()).toMatchObject({ id, kind: 'outcome' });
  });

  test('looks that hang keep no order out, and no more than eight of them are begun', async () => {
    await serve({ looks: { ...workingLooks, bricks: () => new Promise(() => {}) } });
    const client = await open();
    for (let id = 1; id <= 9; id += 1) client.say({ id, kind: 'look', look: 'bricks' });
    expect(await client.hear()).toMatchObject({ id: 9, kind: 'error', code: 'too-large' });
    client.say({ id: 10, kind: 'order', order: signed });
    expect(await client.hear()).toMatchObject({ id: 10, kind: 'outcome' });
  });

  test('a caller that hangs up while its order runs leaves nothing behind that counts', async () => {
    let gate = Promise.withResolvers<void>();
    await serve({ obey: () => gate.promise.then(() => makeOutcome('a')) });
    for (let round = 0; round < 20; round += 1) {
      const client = await open();
      client.say({ id: 1, kind: 'order', order: signed });
      client.say({ id: 2, kind: 'look', look: 'epoch' });
      expect(await client.hear()).toMatchObject({ id: 2, kind: 'seen' });
      client.socket.end();
      expect(await client.hear()).toBe('closed');
      gate.resolve();
      gate = Promise.withResolvers<void>();
    }
  });
});

describe('the socket itself', () => {
  test('may be opened by its owner and its group alone', async () => {
    await serve();
    const { mode, gid } = await stat(path);
    expect([mode & 0o777, gid]).toEqual([0o660, process.getgid?.()]);
  });

  test('is not made where something is', async () => {
    await writeFile(path, 'precious');
    await expect(serve()).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is gone when the server has stopped', async () => {
    await serve();
    const client = await open();
    await stops.shift()?.();
    expect(await client.hear()).toBe('closed');
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });
});
