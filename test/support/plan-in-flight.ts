// A plan that is being carried out, stopped at any of its steps with the order in flight, so that a test can say what
// becomes of that order and of the time.
import { type Advance, advancePlan } from '../../coordinator/core/planning/advance-plan.ts';
import { viewCluster } from '../../coordinator/core/view-cluster.ts';
import type { Order, Outcome } from '../../shared/model/order.ts';
import type { PlanRecord } from '../../shared/model/plan.ts';
import { alikeServers, autoPolicy, type ClusterSpec, morning, type StateSpec } from './cluster-builder.ts';
import { activate, createPool, type SimulatedPool, stateOf } from './simulated-pool.ts';

/** A replica 2 volume below its level, with a free disk on both servers. */
export const fillingCluster: ClusterSpec = {
  servers: alikeServers(2, { b1: { freePercent: 12 }, b2: {} }),
  volumes: {
    vol1: { kind: 'replicate', members: 2, bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1'] },
  },
};
export const policies = { vol1: autoPolicy };

/** A pool whose plan has just been started and has an order in flight for the step of that index; all before are done. */
export function poolAt(index: number): { pool: SimulatedPool; order: Order } {
  const pool = createPool(fillingCluster);
  pool.interfere = (order) => (order.stepIndex === index ? 'lost' : undefined);
  for (let turn = 0; turn <= index + 1; turn += 1) activate(pool, { policies });
  pool.interfere = () => undefined;
  const order = pool.orders.at(-1);
  if (order?.stepIndex !== index) throw new Error(`no order for step ${index} in flight`);
  return { pool, order };
}

export function recordOf(pool: SimulatedPool): PlanRecord {
  const [record] = [...pool.memory.plans.values()];
  if (record === undefined) throw new Error('no plan');
  return record;
}

/** Advances the plan with the outcomes that came, `afterMs` after the order. */
export function advance(
  { pool, order }: { pool: SimulatedPool; order: Order },
  kind: Outcome['kind'] | null,
  afterMs: number,
  spec: StateSpec = {},
): Advance {
  pool.now = morning + afterMs;
  const outcome = {
    orderId: order.id,
    plan: order.plan,
    stepIndex: order.stepIndex,
    server: order.server,
    kind: kind ?? 'done',
    message: `Gluster says: ${kind}`,
    beganAt: morning,
    endedAt: morning,
  };
  const outcomes = kind === null ? new Map<string, Outcome>() : new Map([[order.id, outcome]]);
  const state = stateOf(pool, { ...spec, rest: { outcomes, ...spec.rest } });
  return advancePlan(state, viewCluster(state, pool.now), recordOf(pool), pool.now);
}

/** The indexes of the steps in that plan (a second directory is 1). */
export const directory = 0;
export const addBrick = 2;
export const fixLayout = 3;
