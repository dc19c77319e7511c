// From a signed order to its outcome: what is admitted, what is answered again, and what a crash at any place leaves.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGlusterCli } from '../../../../agent/privileged/gluster-cli.ts';
import { openEpochStore } from '../../../../agent/privileged/orders/epoch-store.ts';
import { openJournal } from '../../../../agent/privileged/orders/journal.ts';
import { createObeyer, type Obeyer } from '../../../../agent/privileged/orders/obey-order.ts';
import { createMountTable } from '../../../../shared/lib/mount-table.ts';
import type { Order } from '../../../../shared/model/order.ts';
import { generateSigningKeys, signOrder } from '../../../../shared/protocol/signing.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { runCommand } from '../../../../shared/runtime/run-command.ts';
import {
  createGlusterStandIn,
  type GlusterStandIn,
  glusterFixture,
  withBricks,
} from '../gluster-stand-in.ts';
import { addBrickStep, makeOrder, self } from './make-order.ts';

const keys = generateSigningKeys();
const info = glusterFixture('volume-info-after-busy.xml');
const bricks = ['fx1:/b/c/dist'];
const grown = withBricks(info, bricks);
const step = addBrickStep(
  { name: 'dist', id: '428170b9-ae3c-412e-93d4-375eb2e34b6b', brickCountBefore: 2 },
  bricks,
);
const order = makeOrder({ step, epoch: 5 });

let directory: string;
let gluster: GlusterStandIn;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortar-obey-'));
  gluster = createGlusterStandIn({ info, answer: glusterFixture('add-brick.xml'), after: grown });
  await writeFile(join(directory, 'key'), keys.publicPem);
});
afterEach(async () => {
  gluster.remove();
  await rm(directory, { recursive: true });
});

interface Opened {
  obeyer: Obeyer;
  close(): Promise<void>;
}

async function open(now = () => Date.now()): Promise<Opened> {
  const journal = await openJournal(directory);
  const obeyer = createObeyer({
    server: self,
    readPublicKey: async () => keys.publicPem,
    epochs: await openEpochStore(directory),
    journal,
    clock: { ...systemClock, now },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    step: {
      gluster: createGlusterCli({ runCommand, command: gluster.command, workDirectory: directory }),
      readMounts: async () => createMountTable('1 0 8:1 / / rw - ext4 /dev/sda1 rw'),
      runCommand,
    },
  });
  return { obeyer, close: () => journal.close() };
}

const sign = (fields: Partial<Order> = {}) => signOrder({ ...order, ...fields }, keys.privatePem);

test('an order is carried out, and its outcome says which, where and when', async () => {
  const { obeyer, close } = await open(() => 1_700_000_000_000);
  expect(await obeyer.obey(sign())).toEqual({
    orderId: order.id,
    plan: order.plan,
    stepIndex: 0,
    server: self,
    kind: 'done',
    message: 'added 1 bricks to dist',
    beganAt: 1_700_000_000_000,
    endedAt: 1_700_000_000_000,
  });
  await close();
});

test('an order with another signature is not an outcome but an error, and leaves nothing', async () => {
  const { obeyer, close } = await open();
  const forged = signOrder(order, generateSigningKeys().privatePem);
  await expect(obeyer.obey(forged)).rejects.toMatchObject({ code: 'order-refused' });
  expect(gluster.changes()).toEqual([]);
  expect((await openEpochStore(directory)).highest()).toBe(0);
  await close();
});

test('the same order again is answered with its outcome, over a restart and after its deadline too', async () => {
  const first = await open();
  const outcome = await first.obeyer.obey(sign());
  expect(await first.obeyer.obey(sign())).toEqual(outcome);
  await first.close();
  const late = await open(() => order.deadline + 1);
  expect(await late.obeyer.obey(sign())).toEqual(outcome);
  expect(gluster.changes()).toHaveLength(1);
  await late.close();
});

test('the same order twice at once is carried out once', async () => {
  const { obeyer, close } = await open();
  const [one, two] = await Promise.all([obeyer.obey(sign()), obeyer.obey(sign())]);
  expect(one).toEqual(two);
  expect(gluster.changes()).toHaveLength(1);
  await close();
});

test('a lower epoch is refused from the moment a higher one was obeyed, over a restart too', async () => {
  const first = await open();
  await first.obeyer.obey(sign());
  await first.close();
  const { obeyer, close } = await open();
  const old = await obeyer.obey(sign({ id: 'old', epoch: 4 }));
  expect(old).toMatchObject({ kind: 'refused', message: 'epoch 4 is over: this server has obeyed epoch 5' });
  expect(gluster.changes()).toHaveLength(1);
  await close();
});

test('a refused order is not in the journal: it may come again in time', async () => {
  const late = await open(() => order.deadline + 1);
  expect(await late.obeyer.obey(sign())).toMatchObject({ kind: 'refused' });
  await late.close();
  const { obeyer, close } = await open();
  expect(await obeyer.obey(sign())).toMatchObject({ kind: 'done' });
  await close();
});

test('a ninth order at once is busy, and those before it are carried out', async () => {
  const { obeyer, close } = await open();
  const outcomes = await Promise.all(
    Array.from({ length: 9 }, (_, number) => obeyer.obey(sign({ id: `order-${number}` }))),
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual([...Array.from({ length: 8 }, () => 'done'), 'busy']);
  await obeyer.idle();
  await close();
});

test('an order that cannot be journaled is not begun', async () => {
  const { obeyer, close } = await open();
  await close();
  await expect(obeyer.obey(sign())).rejects.toThrow();
  expect(gluster.changes()).toEqual([]);
});

describe('a process that is killed', () => {
  const places: [string, 'kill-before' | 'kill-after' | null, number][] = [
    ['before-epoch', null, 1],
    ['after-epoch', null, 1],
    ['before-begin', null, 1],
    ['after-begin', null, 1],
    ['before the change', 'kill-before', 2],
    ['after the change', 'kill-after', 1],
    ['before-end', null, 1],
    ['after-end', null, 1],
  ];
  test.each(places)(
    '%s has the order done when it is asked again, and once',
    async (place, kill, changes) => {
      if (kill) gluster.set({ [kill]: '' });
      expect(signalThatEnds(place)).toBe('SIGKILL');
      const again = await open();
      const outcome = await again.obeyer.obey(sign());
      expect(outcome).toMatchObject({ orderId: order.id, kind: 'done' });
      await again.close();
      const later = await open();
      expect(await later.obeyer.obey(sign())).toEqual(outcome);
      await later.close();
      expect(gluster.changes()).toHaveLength(changes);
      expect((await openEpochStore(directory)).highest()).toBe(5);
    },
  );

  test('while its order ran tells what is there when the order is too late to be tried again', async () => {
    gluster.set({ 'kill-before': '' });
    expect(signalThatEnds('')).toBe('SIGKILL');
    const late = await open(() => order.deadline + 1);
    const outcome = await late.obeyer.obey(sign());
    expect(outcome).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('the effect is not there now'),
    });
    await late.close();
  });

  test('after its change tells that it is done, although the order is too late', async () => {
    gluster.set({ 'kill-after': '' });
    expect(signalThatEnds('')).toBe('SIGKILL');
    const late = await open(() => order.deadline + 1);
    expect(await late.obeyer.obey(sign())).toMatchObject({ kind: 'done' });
    await late.close();
  });
});

/** Runs a process that obeys the order; the signal that ended it. */
function signalThatEnds(place: string): string | null {
  const script = join(import.meta.dirname, 'obey-once.ts');
  const args = [script, directory, gluster.command, join(directory, 'key'), place];
  const child = spawnSync(process.execPath, args, { input: JSON.stringify(sign()), encoding: 'utf8' });
  if (child.signal === null) throw new Error(`it was not killed: ${child.stdout} ${child.stderr}`);
  return child.signal;
}
