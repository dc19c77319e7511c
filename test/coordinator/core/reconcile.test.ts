// The whole core at work: a pool that fills is grown to the end, whatever its shape, and is left alone afterwards.
import { describe, expect, test } from 'vitest';
import { reconcile } from '../../../coordinator/core/reconcile.ts';
import type { PlanId, VolumeName } from '../../../shared/model/names.ts';
import type { PlanRecord } from '../../../shared/model/plan.ts';
import { describeStep } from '../../../shared/model/step.ts';
import {
  alikeServers,
  autoPolicy,
  buildState,
  type ClusterSpec,
  morning,
  type VolumeSpec,
} from '../../support/cluster-builder.ts';
import { activate, createPool, runToEnd, stateOf } from '../../support/simulated-pool.ts';

const disks = { b1: { freePercent: 12 }, b2: {} };

const shapes: [string, VolumeSpec, number][] = [
  ['a distribute volume', { kind: 'distribute', bricks: ['gluster1:b1/vol1-1'] }, 1],
  [
    'a replica 2 volume',
    { kind: 'replicate', members: 2, bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1'] },
    2,
  ],
  [
    'a replica 3 volume',
    {
      kind: 'replicate',
      members: 3,
      bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1', 'gluster3:b1/vol1-1'],
    },
    3,
  ],
  [
    'an arbiter volume',
    {
      kind: 'arbiter',
      members: 3,
      bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1', 'gluster3:b1/vol1-1'],
    },
    3,
  ],
  [
    'a disperse 2+1 volume',
    {
      kind: 'disperse',
      members: 3,
      redundancy: 1,
      bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1', 'gluster3:b1/vol1-1'],
    },
    3,
  ],
];

function clusterWith(volume: VolumeSpec): ClusterSpec {
  return { servers: alikeServers(3, disks), volumes: { vol1: volume } };
}

describe('a volume in mode auto whose fullest subvolume is below its level', () => {
  test.each(shapes)('%s is grown by one whole subvolume and its layout is fixed', (_, volume, members) => {
    const pool = createPool(clusterWith(volume));
    const record = runToEnd(pool, { policies: { vol1: autoPolicy } });
    expect(record.message).toBe(null);
    expect(record.status).toBe('done');
    expect(record.approvedBy).toBe('policy');
    expect(record.plan.steps.map((step) => step.kind)).toEqual([
      ...Array.from({ length: members }, () => 'make-brick-directory'),
      'add-brick',
      'fix-layout',
    ]);
    expect(pool.cluster.volumes.vol1?.bricks).toHaveLength(members * 2);
    expect(pool.orders).toHaveLength(members + 2);
    expect(record.steps.map((step) => step.attempts)).toEqual(record.plan.steps.map(() => 1));
  });

  test.each(shapes)('%s is left alone after its growth', (_, volume) => {
    const pool = createPool(clusterWith(volume));
    runToEnd(pool, { policies: { vol1: autoPolicy } });
    const orders = pool.orders.length;
    for (let turn = 0; turn < 20; turn += 1) {
      pool.now += 60_000;
      const result = activate(pool, { policies: { vol1: autoPolicy } });
      expect(result.plans).toEqual([]);
      expect(result.decisions.map((decision) => decision.kind)).toEqual(['nothing-to-do']);
    }
    expect(pool.orders).toHaveLength(orders);
  });

  test.each(shapes)('%s: an activation on its own conclusion adds nothing, at every step', (_, volume) => {
    const pool = createPool(clusterWith(volume));
    for (let turn = 0; turn < 30; turn += 1) {
      const state = stateOf(pool, { policies: { vol1: autoPolicy } });
      const first = reconcile(state, pool.now);
      const plans = new Map(state.plans);
      for (const record of first.plans) plans.set(record.plan.id, record);
      const second = reconcile({ ...state, plans, crossedSince: first.crossedSince }, pool.now);
      expect(second.plans).toEqual([]);
      expect(second.orders).toEqual([]);
      expect(second.crossedSince).toEqual(first.crossedSince);
      activate(pool, { policies: { vol1: autoPolicy } });
      pool.now += 1000;
    }
  });

  test('the first order goes out in the activation that sees the level crossed', () => {
    const pool = createPool(clusterWith(shapes[2]![1]));
    const { orders, decisions, plans } = activate(pool, { policies: { vol1: autoPolicy } });
    expect(orders.map((order) => [order.id, order.server, describeStep(order.step)])).toEqual([
      [
        '1.grow-vol1-20261121t100000z.0.1',
        'gluster1',
        'make the brick directory /bricks/b2/vol1-2 on gluster1',
      ],
    ]);
    expect(plans.map((record) => [record.plan.id, record.status])).toEqual([
      ['grow-vol1-20261121t100000z', 'running'],
    ]);
    expect(decisions[0]).toMatchObject({
      kind: 'growing',
      plan: 'grow-vol1-20261121t100000z',
      sentence:
        'vol1 has 12.0 % free in subvolume 1 (gluster1:/bricks/b1/vol1-1, gluster2:/bricks/b1/vol1-1 and gluster3:/bricks/b1/vol1-1), below 20 %: grow-vol1-20261121t100000z makes it grow',
    });
  });

  test('at most one order is in flight, whatever the number of volumes that are full', () => {
    const pool = createPool({
      servers: alikeServers(3, { b1: { freePercent: 12 }, b2: {}, b3: { freePercent: 12 }, b4: {} }),
      volumes: {
        vol1: { kind: 'distribute', bricks: ['gluster1:b1/vol1-1'] },
        vol2: { kind: 'distribute', bricks: ['gluster1:b3/vol2-1'] },
      },
    });
    const policies = { vol1: autoPolicy, vol2: autoPolicy };
    for (let turn = 0; turn < 40; turn += 1) {
      expect(activate(pool, { policies }).orders.length).toBeLessThanOrEqual(1);
      const running = [...pool.memory.plans.values()].filter((record) => record.status === 'running');
      expect(running.length).toBeLessThanOrEqual(1);
      pool.now += 1000;
      for (const volume of Object.values(pool.cluster.volumes)) {
        if (volume.rebalance?.status === 'started') volume.rebalance.status = 'completed';
      }
    }
    expect([...pool.memory.plans.values()].map((record) => record.status)).toEqual(['done', 'done']);
  });
});

test('of two running plans the one that was started first is carried on alone', () => {
  const cluster: ClusterSpec = {
    servers: alikeServers(1, { b1: { freePercent: 12 }, b2: {}, b3: { freePercent: 12 }, b4: {} }),
    volumes: {
      vol1: { kind: 'distribute', bricks: ['gluster1:b1/vol1-1'] },
      vol2: { kind: 'distribute', bricks: ['gluster1:b3/vol2-1'] },
    },
  };
  const modePlan = { vol1: { mode: 'plan' as const }, vol2: { mode: 'plan' as const } };
  const state = buildState(cluster, { policies: modePlan });
  const [first, second] = reconcile(state, morning).plans;
  if (first === undefined || second === undefined) throw new Error('no two proposals');
  const running = (record: PlanRecord, startedAt: number) => ({
    ...record,
    status: 'running' as const,
    startedAt,
  });
  const records = [running(first, morning - 1), running(second, morning - 2)];
  const plans = new Map(records.map((record) => [record.plan.id, record]));
  const { orders } = reconcile({ ...state, plans }, morning);
  expect(orders.map((order) => order.plan)).toEqual([second.plan.id]);
});

describe('an activation', () => {
  const cluster = clusterWith(shapes[2]![1]);

  test('wakes up when the hold ends, and remembers since when the level is crossed', () => {
    const state = buildState(cluster, { policies: { vol1: { holdSeconds: 5 } } });
    const { decisions, wakeAt, crossedSince } = reconcile(state, morning);
    expect(decisions[0]?.kind).toBe('waiting');
    expect(wakeAt).toBe(morning + 5000);
    expect(crossedSince).toEqual(new Map([['vol1', morning]]));
  });

  test('wakes up when the first server stops being fresh', () => {
    const state = buildState(cluster, { policies: { vol1: { mode: 'off' } }, silentMs: { gluster2: 3000 } });
    expect(reconcile(state, morning).wakeAt).toBe(morning + 7001);
  });

  test('keeps what was crossed while no server is heard', () => {
    const crossedSince = new Map([['vol1' as VolumeName, morning - 1000]]);
    const state = { ...buildState(cluster, { rest: { crossedSince } }), servers: new Map() };
    expect(reconcile(state, morning).crossedSince).toEqual(crossedSince);
  });

  test('plans nothing from silent servers', () => {
    const state = buildState(cluster, { policies: { vol1: autoPolicy }, silentMs: { gluster2: 20_000 } });
    const { decisions, plans } = reconcile(state, morning);
    expect(plans).toEqual([]);
    expect(decisions[0]).toMatchObject({
      kind: 'blocked',
      sentence: 'vol1 is left alone: the space of subvolume 1 is not known: gluster2 is silent',
    });
  });

  test('gives a plan of the same second another id', () => {
    const state = buildState(cluster, { policies: { vol1: autoPolicy } });
    const first = reconcile(state, morning).plans[0]!;
    const plans = new Map([[first.plan.id, { ...first, status: 'cancelled' as const }]]);
    const again = reconcile({ ...state, plans }, morning).plans[0]!;
    expect(again.plan.id).toBe('grow-vol1-20261121t100000z-2' as PlanId);
    expect(again.plan.hash).toBe(first.plan.hash);
  });
});
