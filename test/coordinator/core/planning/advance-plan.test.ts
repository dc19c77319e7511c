// How a running plan goes on, whatever becomes of its orders: what is shown is done, what is unknown is looked at again
// before it is repeated, and every wait has an end.
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../../shared/model/order.ts';
import {
  autoPolicy,
  morning,
  onServer,
  type StateSpec,
  seenValue,
} from '../../../support/cluster-builder.ts';
import {
  addBrick,
  advance,
  directory,
  fillingCluster,
  fixLayout,
  poolAt,
  recordOf,
} from '../../../support/plan-in-flight.ts';
import { activate, apply, createPool } from '../../../support/simulated-pool.ts';

describe('an order in flight', () => {
  test.each<[string, number, Outcome['kind'] | null]>([
    ['a directory', directory, null],
    ['add-brick', addBrick, null],
    ['add-brick whose end the agent does not know', addBrick, 'unknown'],
    ['fix-layout', fixLayout, null],
  ])('for %s is waited for until its deadline and 10 s more', (_, index, kind) => {
    const at = poolAt(index);
    const { record, orders, wakeAt } = advance(at, kind, 1000);
    expect(record).toBe(recordOf(at.pool));
    expect(orders).toEqual([]);
    expect(wakeAt).toBe(at.order.deadline + 10_000);
  });

  test('for a directory finishes the step with its outcome', () => {
    const { record, orders } = advance(poolAt(directory), 'done', 100);
    expect(record.steps[directory]?.status).toBe('done');
    expect(orders.map((order) => order.stepIndex)).toEqual([1]);
  });

  test('for add-brick is not over before the reports of all servers show the bricks', () => {
    const at = poolAt(addBrick);
    const said = advance(at, 'done', 1000);
    expect(said.orders).toEqual([]);
    expect(said.record.steps[addBrick]).toMatchObject({
      status: 'ordered',
      message: 'Gluster has done it; waiting until every server shows it',
    });
    apply(at.pool, at.order);
    const shown = advance(at, 'done', 2000);
    expect(shown.record.steps[addBrick]?.status).toBe('done');
    expect(shown.orders.map((order) => order.step.kind)).toEqual(['fix-layout']);
  });

  test('for add-brick is over as soon as the reports show the bricks, without any outcome', () => {
    const at = poolAt(addBrick);
    apply(at.pool, at.order);
    expect(advance(at, null, 500).record.steps[addBrick]?.status).toBe('done');
  });

  test('that failed ends the plan with Gluster’s words', () => {
    const { record, orders } = advance(poolAt(addBrick), 'failed', 1000);
    expect(record).toMatchObject({
      status: 'failed',
      message: 'Gluster says: failed',
      endedAt: morning + 1000,
    });
    expect(record.steps[addBrick]).toMatchObject({ status: 'failed', message: 'Gluster says: failed' });
    expect(orders).toEqual([]);
  });
});

describe('a busy Gluster', () => {
  test('is asked again after 1, 2, 4, 8, 16 and then 30 s, and given up after 12 attempts', () => {
    const pool = createPool(fillingCluster);
    pool.interfere = (order) => (order.step.kind === 'add-brick' ? 'busy' : undefined);
    const times: number[] = [];
    for (let second = 0; second < 400; second += 1) {
      const { orders } = activate(pool, { policies: { vol1: { ...autoPolicy, cooldownSeconds: 10_000 } } });
      if (orders.some((order) => order.step.kind === 'add-brick')) times.push(pool.now);
      pool.now += 1000;
    }
    const rests = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
    // Each attempt is one second after the order, for the outcome is seen in the next activation. The directories are
    // made anew meanwhile, one a second, which hides the first two rests.
    expect(rests.map((rest) => rest - 1)).toEqual([3, 3, 4, 8, 16, 30, 30, 30, 30, 30, 30]);
    expect(recordOf(pool)).toMatchObject({
      status: 'failed',
      message: "given up after 12 attempts: Gluster's words for busy",
    });
  });

  test('is not asked before its time', () => {
    const at = poolAt(addBrick);
    const { record, wakeAt } = advance(at, 'busy', 0);
    expect(record.steps[addBrick]).toMatchObject({
      status: 'waiting',
      retryAt: morning + 1000,
      message: 'Gluster says: busy',
    });
    expect(wakeAt).toBe(morning + 1000);
    const steps = record.steps.map((step, index) =>
      index < addBrick ? { ...step, status: 'done' as const } : step,
    );
    at.pool.memory = { ...at.pool.memory, plans: new Map([[record.plan.id, { ...record, steps }]]) };
    expect(advance(at, 'busy', 999).orders).toEqual([]);
    expect(advance(at, 'busy', 1000).orders.map((order) => order.id)).toEqual([
      `1.${record.plan.id}.${addBrick}.2`,
    ]);
  });

  test('may have marked the new directories, so they are asked for again before the next attempt', () => {
    const at = poolAt(addBrick);
    const { record } = advance(at, 'busy', 0);
    expect(record.steps.slice(0, addBrick).map(({ status }) => status)).toEqual(['waiting', 'waiting']);
    at.pool.memory = { ...at.pool.memory, plans: new Map([[record.plan.id, record]]) };
    expect(advance(at, 'busy', 1).orders.map((order) => order.id)).toEqual([`1.${record.plan.id}.0.2`]);
  });
});

describe('an order whose end was not seen', () => {
  const lostMs = 150_000 + 10_000;

  test('is given again when every server has reported since, and nobody shows its effect', () => {
    const at = poolAt(addBrick);
    const { orders, record } = advance(at, null, lostMs + 1);
    expect(orders.map((order) => order.id)).toEqual([`1.${record.plan.id}.${addBrick}.2`]);
    expect(record.steps[addBrick]).toMatchObject({ status: 'ordered', attempts: 2 });
  });

  test('is not given again on reports from before', () => {
    const at = poolAt(addBrick);
    const { orders, record } = advance(at, null, lostMs + 1, { silentMs: { gluster2: 2000 } });
    expect(orders).toEqual([]);
    expect(record.steps[addBrick]?.message).toBe(
      'its end was not seen; waiting for a new report from gluster2',
    );
  });

  test('ends the plan when some servers show its effect and others do not', () => {
    const at = poolAt(addBrick);
    apply(at.pool, at.order);
    const change = onServer('gluster2', ({ gluster }) => ({
      gluster: {
        kind: 'seen',
        seenAt: morning,
        value: {
          ...seenValue(gluster),
          volumes: seenValue(gluster).volumes.map((volume) => ({
            ...volume,
            bricks: volume.bricks.slice(0, 2),
            version: 4,
          })),
        },
      },
    }));
    expect(advance(at, 'done', 1000, { change }).record.status).toBe('running');
    expect(advance(at, 'done', lostMs + 1, { change }).record).toMatchObject({
      status: 'failed',
      message: 'gluster2 does not show the new bricks of vol1',
    });
  });

  test('ends the plan when all servers show the bricks, but not one configuration', () => {
    const at = poolAt(addBrick);
    apply(at.pool, at.order);
    const change = onServer('gluster2', ({ gluster }) => ({
      gluster: {
        kind: 'seen',
        seenAt: morning,
        value: {
          ...seenValue(gluster),
          volumes: seenValue(gluster).volumes.map((volume) => ({ ...volume, checksum: 7 })),
        },
      },
    }));
    expect(advance(at, 'done', 1000, { change }).record.steps[addBrick]?.status).toBe('ordered');
    expect(advance(at, 'done', lostMs + 1, { change }).record).toMatchObject({
      status: 'failed',
      message: 'the servers do not all show the same configuration of vol1',
    });
  });

  test('but was said to be done ends the plan when no server shows it', () => {
    expect(advance(poolAt(addBrick), 'done', lostMs + 1).record).toMatchObject({
      status: 'failed',
      message: 'Gluster said that it was done, but no server shows it',
    });
  });

  test('is given up after 5 attempts', () => {
    const pool = createPool(fillingCluster);
    pool.interfere = (order) => (order.step.kind === 'add-brick' ? 'lost' : undefined);
    for (let turn = 0; turn < 20; turn += 1) {
      activate(pool, { policies: { vol1: { ...autoPolicy, cooldownSeconds: 100_000 } } });
      pool.now += lostMs + 1;
    }
    expect(recordOf(pool)).toMatchObject({
      status: 'failed',
      message: 'ordered 5 times, and neither an end nor an effect was seen',
    });
  });
});

describe('a coordinator that starts anew', () => {
  const epoch = (at: number) => ({ epoch: at });

  test('replaces the order of the earlier epoch once every server has reported since', () => {
    const at = poolAt(addBrick);
    const { orders, record } = advance(at, null, 1000, epoch(2));
    expect(orders.map((order) => [order.id, order.epoch])).toEqual([
      [`2.${record.plan.id}.${addBrick}.2`, 2],
    ]);
  });

  test('does not replace it on reports from before it was given', () => {
    const at = poolAt(addBrick);
    const { orders } = advance(at, null, 1000, { ...epoch(2), silentMs: { gluster1: 2000 } });
    expect(orders).toEqual([]);
  });

  test('takes what came of it for true', () => {
    expect(advance(poolAt(addBrick), 'failed', 1000, epoch(2)).record.status).toBe('failed');
  });

  test('does not repeat what is shown', () => {
    const at = poolAt(addBrick);
    apply(at.pool, at.order);
    const { orders } = advance(at, null, 1000, epoch(2));
    expect(orders.map((order) => order.step.kind)).toEqual(['fix-layout']);
  });
});

describe('a plan that cannot go on', () => {
  test.each<[string, number, StateSpec, string]>([
    ['a server that is silent', directory, { silentMs: { gluster1: 100_000 } }, 'gluster1 is silent'],
    [
      'a slot whose disk was unmounted',
      directory,
      {
        change: onServer('gluster1', ({ slots }) => ({
          slots: {
            kind: 'seen',
            seenAt: morning,
            value: seenValue(slots).map((slot) => ({
              ...slot,
              problem: { code: 'unmounted' as const, sentence: 'nothing is mounted' },
            })),
          },
        })),
      },
      'the slot gluster1:/bricks/b2: nothing is mounted',
    ],
  ])('waits for %s with the reason, and for no longer than 30 min', (_, index, spec, sentence) => {
    const at = poolAt(index);
    const first = advance(at, 'unknown', 60_000, spec);
    expect(first.record.status).toBe('running');
    expect(first.record.steps[index]?.message).toMatch(
      new RegExp(`${sentence}|waiting for a new report from gluster1`),
    );
    expect(first.orders).toEqual([]);
    expect(first.wakeAt).toBe(morning + 1_800_000);
    expect(advance(at, 'unknown', 1_800_000, spec).record.message).toContain(
      'given up after 30 min without anything happening',
    );
  });

  test('does not order add-brick while a gate is closed, and says which', () => {
    const at = poolAt(1);
    const change = onServer('gluster2', ({ bricks }) => ({
      bricks: {
        kind: 'seen',
        seenAt: morning,
        value: seenValue(bricks).map((brick) => ({ ...brick, pendingHeals: 3 })),
      },
    }));
    const { record, orders } = advance(at, 'done', 100, { change });
    expect(orders).toEqual([]);
    expect(record.steps[addBrick]?.message).toBe('waiting: gluster2:/bricks/b1/vol1-1 has entries to heal');
  });

  test('ends when somebody else has added bricks', () => {
    const at = poolAt(addBrick);
    at.pool.cluster.volumes.vol1!.bricks.push('gluster1:b2/other', 'gluster2:b2/other');
    expect(advance(at, null, 1000).record).toMatchObject({
      status: 'failed',
      message: 'vol1 has 4 bricks, and the plan was written for 2: somebody else has changed it',
    });
  });
});
