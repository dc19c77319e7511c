// Approving and cancelling: only what was looked at runs, and only what has not begun is taken back.
import { describe, expect, test } from 'vitest';
import { approvePlan, type PlanChange } from '../../../../coordinator/core/planning/approve-plan.ts';
import { cancelPlan } from '../../../../coordinator/core/planning/cancel-plan.ts';
import type { PlanId } from '../../../../shared/model/names.ts';
import type { PlanRecord } from '../../../../shared/model/plan.ts';
import type { Policy } from '../../../../shared/model/policy.ts';
import {
  alikeServers,
  autoPolicy,
  type ClusterSpec,
  morning,
  type StateSpec,
} from '../../../support/cluster-builder.ts';
import { activate, createPool, type SimulatedPool, stateOf } from '../../../support/simulated-pool.ts';

const cluster: ClusterSpec = {
  servers: alikeServers(2, { b1: { freePercent: 12 }, b2: {}, b3: {} }),
  volumes: {
    vol1: { kind: 'replicate', members: 2, bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1'] },
  },
};
const planPolicy: Partial<Policy> = { mode: 'plan' };

function proposed(): { pool: SimulatedPool; record: PlanRecord } {
  const pool = createPool(cluster);
  activate(pool, { policies: { vol1: planPolicy } });
  const [record] = [...pool.memory.plans.values()];
  if (record?.status !== 'proposed') throw new Error('nothing was proposed');
  return { pool, record };
}

function approve(
  { pool, record }: { pool: SimulatedPool; record: PlanRecord },
  hash = record.plan.hash,
  spec: StateSpec = {},
): PlanChange {
  const state = stateOf(pool, { policies: { vol1: planPolicy }, ...spec });
  return approvePlan(state, record.plan.id, hash, 'ada', pool.now + 1000);
}

describe('an approval', () => {
  test('lets the plan run that was looked at, in the name of who approved it', () => {
    const at = proposed();
    expect(approve(at)).toEqual({
      ok: true,
      record: { ...at.record, status: 'running', approvedBy: 'ada', startedAt: morning + 1000 },
    });
  });

  test('holds although free space has moved', () => {
    const at = proposed();
    at.pool.cluster.servers.gluster1 = { b1: { freePercent: 11 }, b2: { freePercent: 90 }, b3: {} };
    expect(approve(at).ok).toBe(true);
  });

  test('of an approved plan leads to its first order', () => {
    const at = proposed();
    const change = approve(at);
    if (!change.ok) throw new Error(change.sentence);
    at.pool.memory = { ...at.pool.memory, plans: new Map([[change.record.plan.id, change.record]]) };
    expect(activate(at.pool, { policies: { vol1: planPolicy } }).orders).toHaveLength(1);
  });

  test.each<[string, (at: ReturnType<typeof proposed>) => PlanChange, RegExp]>([
    [
      'another hash',
      (at) => approve(at, 'f'.repeat(64)),
      /has the hash [0-9a-f]{64}, and f{64} was approved/,
    ],
    [
      'a slot that is gone',
      (at) => {
        at.pool.cluster.servers.gluster1 = { b1: { freePercent: 12 }, b3: {} };
        return approve(at);
      },
      /gluster1:\/bricks\/b2\/vol1-2 does not lie directly in a slot.*; look at the volume's new plan/,
    ],
    [
      'a directory that exists now',
      (at) => {
        at.pool.cluster.servers.gluster1 = { b1: { freePercent: 12 }, b2: { entries: ['vol1-2'] }, b3: {} };
        return approve(at);
      },
      /gluster1:\/bricks\/b2\/vol1-2 exists now/,
    ],
    [
      'another size that is wanted',
      (at) => approve(at, undefined, { policies: { vol1: { ...planPolicy, target: { freePercent: 60 } } } }),
      /vol1 would now grow by 2 subvolumes, and the plan adds 1/,
    ],
    [
      'a policy that wants no fix-layout any more',
      (at) => approve(at, undefined, { policies: { vol1: { ...planPolicy, rebalance: 'none' } } }),
      /the policy of vol1 now says rebalance "none"/,
    ],
    [
      'a rebalance that was run since',
      (at) => {
        at.pool.cluster.volumes.vol1!.rebalance = { taskId: 'task-1', status: 'completed' };
        return approve(at);
      },
      /vol1 has been rebalanced since/,
    ],
    [
      'a closed gate',
      (at) => approve(at, undefined, { silentMs: { gluster2: 11_000 } }),
      /cannot be carried out: nothing fresh is known of gluster2/,
    ],
    [
      'a limit that was set since',
      (at) =>
        approve(at, undefined, {
          policies: {
            vol1: { ...planPolicy, limits: { maxBricks: 2, maxSizeBytes: null, maxGrowthsPerDay: null } },
          },
        }),
      /limits.maxBricks is 2/,
    ],
    [
      'a volume that is gone',
      (at) => {
        at.pool.cluster.volumes = {};
        return approve(at);
      },
      /no server knows the volume vol1/,
    ],
  ])('is refused because of %s', (_, ask, sentence) => {
    const change = ask(proposed());
    expect(change).toMatchObject({ ok: false, code: 'conflict' });
    expect(change.ok ? '' : change.sentence).toMatch(sentence);
  });

  test('of a plan that runs already is refused', () => {
    const at = proposed();
    const running = { ...at.record, status: 'running' as const };
    at.pool.memory = { ...at.pool.memory, plans: new Map([[at.record.plan.id, running]]) };
    expect(approve(at)).toMatchObject({
      ok: false,
      sentence: `${at.record.plan.id} is running and not waiting for approval`,
    });
  });

  test('of a plan that is not there is told apart', () => {
    const { pool } = proposed();
    const state = stateOf(pool);
    expect(approvePlan(state, 'grow-x-1' as PlanId, '', 'ada', morning)).toMatchObject({
      ok: false,
      code: 'not-found',
    });
    expect(cancelPlan(state, 'grow-x-1' as PlanId, 'ada', morning)).toMatchObject({
      ok: false,
      code: 'not-found',
    });
  });
});

describe('cancelling', () => {
  function cancelAfter(activations: number): PlanChange {
    const pool = createPool(cluster);
    for (let turn = 0; turn < activations; turn += 1) activate(pool, { policies: { vol1: autoPolicy } });
    const [id] = [...pool.memory.plans.keys()];
    return cancelPlan(stateOf(pool), id as PlanId, 'ada', morning + 5);
  }

  test('a proposal ends it in the name of who cancelled it', () => {
    const { pool, record } = proposed();
    expect(cancelPlan(stateOf(pool), record.plan.id, 'ada', morning + 5)).toEqual({
      ok: true,
      record: { ...record, status: 'cancelled', endedAt: morning + 5, message: 'cancelled by ada' },
    });
  });

  test('a plan that has only made directories ends it', () => {
    expect(cancelAfter(2)).toMatchObject({ ok: true, record: { status: 'cancelled' } });
  });

  test('a plan whose add-brick was ordered is refused', () => {
    expect(cancelAfter(3)).toMatchObject({ ok: false, code: 'conflict' });
  });

  test('a plan that has ended is refused', () => {
    const { pool, record } = proposed();
    const done = { ...record, status: 'done' as const };
    pool.memory = { ...pool.memory, plans: new Map([[record.plan.id, done]]) };
    expect(cancelPlan(stateOf(pool), record.plan.id, 'ada', morning)).toMatchObject({
      ok: false,
      sentence: `${record.plan.id} has ended already: it is done`,
    });
  });
});
