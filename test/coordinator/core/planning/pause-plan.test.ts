// A plan that is held, by a pause or by a freeze: no order, no impatience, and what is under way is still seen.
import { describe, expect, test } from 'vitest';
import { cancelPlan } from '../../../../coordinator/core/planning/cancel-plan.ts';
import { pausePlan, resumePlan } from '../../../../coordinator/core/planning/pause-plan.ts';
import { defaultClusterIntent } from '../../../../shared/model/cluster-intent.ts';
import type { PlanId } from '../../../../shared/model/names.ts';
import type { PlanRecord } from '../../../../shared/model/plan.ts';
import { addBrick, fillingCluster, policies, poolAt, recordOf } from '../../../support/plan-in-flight.ts';
import {
  activate,
  createPool,
  runToEnd,
  type SimulatedPool,
  stateOf,
} from '../../../support/simulated-pool.ts';

const hourMs = 3_600_000;
const frozen = { ...defaultClusterIntent, isFrozen: true, freezeReason: 'the rack is moved' };

function put(pool: SimulatedPool, change: ReturnType<typeof pausePlan>): PlanRecord {
  if (!change.ok) throw new Error(change.sentence);
  const { record } = change;
  pool.memory = { ...pool.memory, plans: new Map(pool.memory.plans).set(record.plan.id, record) };
  return record;
}

function pausedPool(): SimulatedPool {
  const pool = createPool(fillingCluster);
  activate(pool, { policies });
  put(pool, pausePlan(stateOf(pool), recordOf(pool).plan.id, 'ada'));
  return pool;
}

describe('a paused plan', () => {
  test('orders nothing, says so in the decision, and does not lose its patience', () => {
    const pool = pausedPool();
    const { length } = pool.orders;
    for (let turn = 0; turn < 5; turn += 1) {
      pool.now += hourMs;
      const { decisions } = activate(pool, { policies });
      expect(decisions[0]).toMatchObject({
        kind: 'growing',
        sentence: expect.stringContaining('which is paused by ada, step 2 of 4'),
      });
    }
    expect(pool.orders).toHaveLength(length);
    expect(recordOf(pool).status).toBe('paused');
  });

  test('goes on to its end when it is resumed, however long that took', () => {
    const pool = pausedPool();
    pool.now += 5 * hourMs;
    put(pool, resumePlan(stateOf(pool), recordOf(pool).plan.id, pool.now));
    const record = runToEnd(pool, { policies });
    expect([record.status, record.message]).toEqual(['done', null]);
  });

  test('notes what its last order did, and gives none after it', () => {
    const { pool } = poolAt(addBrick);
    put(pool, pausePlan(stateOf(pool), recordOf(pool).plan.id, 'ada'));
    const bricks = pool.orders.at(-1)?.step;
    if (bricks?.kind !== 'add-brick') throw new Error('no add-brick in flight');
    pool.cluster.volumes.vol1?.bricks.push(
      ...bricks.bricks.map(({ host, path }) => `${host}:${path.slice('/bricks/'.length)}`),
    );
    pool.now += 1000;
    const { orders } = activate(pool, { policies });
    expect(orders).toEqual([]);
    expect(recordOf(pool).status).toBe('paused');
    expect(recordOf(pool).steps[addBrick]?.status).toBe('done');
    expect(recordOf(pool).steps[addBrick + 1]).toMatchObject({
      status: 'waiting',
      message: 'held back: paused by ada',
    });
  });

  test('can be cancelled like a running one', () => {
    const pool = pausedPool();
    const change = cancelPlan(stateOf(pool), recordOf(pool).plan.id, 'ada', pool.now);
    expect(change).toMatchObject({ ok: true, record: { status: 'cancelled' } });
  });
});

test.each<[string, (pool: SimulatedPool, id: PlanId) => ReturnType<typeof pausePlan>, string]>([
  [
    'a paused plan is not paused again',
    (pool, id) => pausePlan(stateOf(pool), id, 'ada'),
    'is paused, and only',
  ],
  [
    'an unknown plan is not paused',
    (pool) => pausePlan(stateOf(pool), 'grow-vol9-1' as PlanId, 'ada'),
    'there is no plan grow-vol9-1',
  ],
  [
    'an unknown plan is not resumed',
    (pool) => resumePlan(stateOf(pool), 'grow-vol9-1' as PlanId, pool.now),
    'there is no plan grow-vol9-1',
  ],
  [
    'a running plan is not resumed',
    (pool, id) => {
      put(pool, resumePlan(stateOf(pool), id, pool.now));
      return resumePlan(stateOf(pool), id, pool.now);
    },
    'is running, and only a paused plan',
  ],
])('%s', (_, ask, sentence) => {
  const pool = pausedPool();
  const change = ask(pool, recordOf(pool).plan.id);
  expect(change.ok ? '' : change.sentence).toContain(sentence);
});

describe('a freeze', () => {
  test('holds back the orders of a running plan, and a thaw lets it end', () => {
    const pool = createPool(fillingCluster);
    activate(pool, { policies });
    const { length } = pool.orders;
    for (let turn = 0; turn < 3; turn += 1) {
      pool.now += hourMs;
      activate(pool, { policies, rest: { intent: frozen } });
    }
    expect(pool.orders).toHaveLength(length);
    const intent = { ...defaultClusterIntent, changedAt: pool.now };
    expect(runToEnd(pool, { policies, rest: { intent } }).status).toBe('done');
  });

  test('lets no plan start, and is the reason', () => {
    const pool = createPool(fillingCluster);
    const { decisions, plans } = activate(pool, { policies, rest: { intent: frozen } });
    expect(plans).toEqual([]);
    expect(decisions[0]).toMatchObject({
      kind: 'blocked',
      reasons: ['the cluster is frozen: the rack is moved'],
    });
  });
});
