// The whole process but its main file: real socket, real state directory, real mounts, a stand-in for gluster.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPrivileged, releaseLimitMs } from '../../../agent/privileged/privileged.ts';
import type { PrivilegedResponse } from '../../../shared/protocol/privileged.ts';
import { generateSigningKeys, signOrder } from '../../../shared/protocol/signing.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { ReleaseStack } from '../../../shared/runtime/release-stack.ts';
import { runCommand } from '../../../shared/runtime/run-command.ts';
import { createGlusterStandIn, type GlusterStandIn, glusterFixture, withBricks } from './gluster-stand-in.ts';
import { makeGlusterdStore } from './glusterd-store.ts';
import { addBrickStep, makeOrder, self } from './orders/make-order.ts';

const keys = generateSigningKeys();
let root: string;
let storeDirectory: string;
let gluster: GlusterStandIn;
let stack: ReleaseStack;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortar-privileged-'));
  storeDirectory = makeGlusterdStore();
  gluster = createGlusterStandIn({ version: glusterFixture('version.txt'), down: 'Connection failed.' });
  stack = new ReleaseStack();
});
afterEach(async () => {
  expect(await stack.release()).toEqual([]);
  gluster.remove();
  rmSync(root, { recursive: true });
  rmSync(storeDirectory, { recursive: true });
});

function start(): Promise<void> {
  return createPrivileged({
    config: {
      server: self,
      publicKeyPath: join(root, 'coordinator.pub'),
      socket: join(root, 'socket'),
      stateDirectory: join(root, 'state'),
      logLevel: 'info',
    },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    clock: systemClock,
    runCommand,
    glusterCommand: gluster.command,
    socketGroup: ownGroup(),
    storeDirectory,
    runDirectory: join(root, 'run'),
    procDirectory: '/proc',
  }).start(stack);
}

function ownGroup(): string {
  const id = `${process.getgid?.()}`;
  const lines = readFileSync('/etc/group', 'utf8').split('\n');
  return lines.map((line) => line.split(':')).find((fields) => fields[2] === id)?.[0] ?? 'root';
}

async function ask(...requests: object[]): Promise<PrivilegedResponse[]> {
  const socket = connect(join(root, 'socket'));
  for (const [id, request] of requests.entries()) socket.write(`${JSON.stringify({ id, ...request })}\n`);
  const responses: PrivilegedResponse[] = [];
  for await (const line of createInterface({ input: socket })) {
    responses.push(JSON.parse(line));
    if (responses.length === requests.length) break;
  }
  socket.destroy();
  return responses.sort((one, other) => one.id - other.id);
}

const look = (name: string) => ({ kind: 'look', look: name });

test('every look is answered, and one that fails keeps the others from nothing', async () => {
  await start();
  const [failed, bricks, ports, epoch] = await ask(
    look('gluster'),
    look('bricks'),
    look('ports'),
    look('epoch'),
  );
  expect(failed).toMatchObject({ kind: 'error', code: 'command-failed' });
  expect(bricks).toMatchObject({ kind: 'seen', value: [{ volume: 'rep', isUp: false }] });
  expect(ports).toMatchObject({ kind: 'seen', value: expect.any(Array) });
  expect(epoch).toMatchObject({ kind: 'seen', value: 0 });
});

test('without a pinned key every order is refused, and with one it is obeyed without a restart', async () => {
  await start();
  const info = glusterFixture('volume-info-after-busy.xml');
  const bricks = ['fx1:/b/c/dist'];
  gluster.set({ info, answer: glusterFixture('add-brick.xml'), after: withBricks(info, bricks) });
  const dist = { name: 'dist', id: '428170b9-ae3c-412e-93d4-375eb2e34b6b', brickCountBefore: 2 };
  const signed = signOrder(makeOrder({ epoch: 3, step: addBrickStep(dist, bricks) }), keys.privatePem);
  const order = { kind: 'order', order: signed };
  expect(await ask(order)).toMatchObject([
    { kind: 'error', code: 'order-refused', message: expect.stringContaining('no coordinator key') },
  ]);
  writeFileSync(join(root, 'coordinator.pub'), keys.publicPem);
  expect(await ask(order)).toMatchObject([{ kind: 'outcome', outcome: { kind: 'done' } }]);
  expect(await ask(look('epoch'))).toMatchObject([{ value: 3 }]);
});

test('a key that is no key refuses the order, and the process goes on', async () => {
  await start();
  writeFileSync(join(root, 'coordinator.pub'), 'garbage');
  const order = { kind: 'order', order: signOrder(makeOrder(), keys.privatePem) };
  expect(await ask(order, look('epoch'))).toMatchObject([{ kind: 'error' }, { kind: 'seen' }]);
});

test('after it has stopped it can be started again, and scratch files are gone', async () => {
  await start();
  expect(await stack.release()).toEqual([]);
  expect(readdirSync(root)).not.toContain('socket');
  stack = new ReleaseStack();
  await start();
  expect(readdirSync(join(root, 'state/scratch'))).toEqual([]);
  expect(await ask(look('epoch'))).toMatchObject([{ value: 0 }]);
});

test('its unit lets the order under way end, and has threads for orders beside those that hang', () => {
  const unit = readFileSync(
    join(import.meta.dirname, '../../../packaging/systemd/mortar-privileged.service'),
    'utf8',
  );
  const setting = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1];
  expect(setting('KillMode')).toBe('mixed');
  expect(Number(setting('TimeoutStopSec')) * 1_000).toBeGreaterThan(releaseLimitMs);
  expect(Number(setting('Environment=UV_THREADPOOL_SIZE'))).toBeGreaterThan(12);
});

test('two of them do not run on one socket', async () => {
  await start();
  await expect(start()).rejects.toMatchObject({ code: 'conflict' });
});
