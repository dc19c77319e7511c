// A pool that obeys orders, in memory: enough of Gluster to carry a plan to its end against the core, with time as a
// number. Orders are applied to the description that cluster-builder.ts makes reports of.

import { reconcile } from '../../coordinator/core/reconcile.ts';
import type { Reconciliation, State } from '../../coordinator/core/state.ts';
import type { Order, Outcome } from '../../shared/model/order.ts';
import type { PlanRecord } from '../../shared/model/plan.ts';
import { buildState, type ClusterSpec, GiB, morning, type StateSpec } from './cluster-builder.ts';

export interface SimulatedPool {
  readonly cluster: ClusterSpec;
  now: number;
  /** What the coordinator remembers between activations. */
  memory: Pick<State, 'plans' | 'outcomes' | 'crossedSince' | 'emergencySince'>;
  readonly orders: Order[];
  /** What comes of an order instead of what would; undefined lets it be done. */
  interfere: (order: Order) => Outcome['kind'] | 'lost' | undefined;
}

export function createPool(cluster: ClusterSpec): SimulatedPool {
  return {
    cluster: structuredClone(cluster),
    now: morning,
    memory: { plans: new Map(), outcomes: new Map(), crossedSince: new Map(), emergencySince: new Map() },
    orders: [],
    interfere: () => undefined,
  };
}

/** The state as fresh reports show it now. */
export function stateOf(pool: SimulatedPool, spec: StateSpec = {}): State {
  return buildState(pool.cluster, { ...spec, now: pool.now, rest: { ...pool.memory, ...spec.rest } });
}

/** One activation: what it concludes is remembered, what it orders is carried out. */
export function activate(pool: SimulatedPool, spec: StateSpec = {}): Reconciliation {
  const result = reconcile(stateOf(pool, spec), pool.now);
  const plans = new Map(pool.memory.plans);
  for (const record of result.plans) plans.set(record.plan.id, record);
  const outcomes = new Map(pool.memory.outcomes);
  for (const order of result.orders) {
    pool.orders.push(order);
    const outcome = carryOut(pool, order);
    if (outcome !== null) outcomes.set(order.id, outcome);
  }
  const { crossedSince, emergencySince } = result;
  pool.memory = { plans, outcomes, crossedSince, emergencySince };
  return result;
}

/** Activates each second until a plan has ended, at most `limit` times; the ended record. */
export function runToEnd(pool: SimulatedPool, spec: StateSpec = {}, limit = 500): PlanRecord {
  for (let turn = 0; turn < limit; turn += 1) {
    activate(pool, spec);
    const ended = [...pool.memory.plans.values()].find(
      ({ status }) => status === 'done' || status === 'failed',
    );
    if (ended !== undefined) return ended;
    pool.now += 1000;
    finishRebalances(pool);
  }
  throw new Error(
    `no plan ended within ${limit} activations: ${JSON.stringify([...pool.memory.plans.values()])}`,
  );
}

function carryOut(pool: SimulatedPool, order: Order): Outcome | null {
  const kind = pool.interfere(order) ?? 'done';
  if (kind === 'lost') return null;
  if (kind === 'done') apply(pool, order);
  return {
    orderId: order.id,
    plan: order.plan,
    stepIndex: order.stepIndex,
    server: order.server,
    kind,
    message: kind === 'done' ? 'done' : `Gluster's words for ${kind}`,
    beganAt: pool.now,
    endedAt: pool.now,
  };
}

/** Does what the order's step says, without asking whether it should. */
export function apply(pool: SimulatedPool, { step }: Order): void {
  switch (step.kind) {
    case 'make-brick-directory': {
      const [, , disk = '', name = ''] = step.path.split('/');
      const found = pool.cluster.servers[step.server]?.[disk];
      if (found === undefined) throw new Error(`no disk ${disk} on ${step.server}`);
      // Disks are shared between servers that were described alike; each order is for one server.
      const own = { ...found, entries: [...(found.entries ?? []), name] };
      pool.cluster.servers[step.server] = { ...pool.cluster.servers[step.server], [disk]: own };
      return;
    }
    case 'add-brick': {
      const volume = pool.cluster.volumes[step.volume];
      if (volume === undefined) throw new Error(`no volume ${step.volume}`);
      if (volume.bricks.length !== step.brickCountBefore) return;
      volume.bricks.push(...step.bricks.map(({ host, path }) => `${host}:${path.slice('/bricks/'.length)}`));
      return;
    }
    case 'grow-filesystem': {
      const disk = step.mountPoint.slice('/bricks/'.length);
      const disks = pool.cluster.servers[step.server];
      if (disks?.[disk] === undefined) throw new Error(`no disk ${disk} on ${step.server}`);
      const grown = { ...disks[disk], sizeGiB: step.deviceBytes / GiB, freePercent: 60 };
      pool.cluster.servers[step.server] = { ...disks, [disk]: grown };
      return;
    }
    case 'fix-layout':
    case 'rebalance': {
      const volume = pool.cluster.volumes[step.volume];
      if (volume === undefined) throw new Error(`no volume ${step.volume}`);
      volume.rebalance = { taskId: `task-${pool.now}`, status: 'started' };
    }
  }
}

/** Every task that runs is completed, as some time later it is. */
export function finishRebalances(pool: SimulatedPool): void {
  for (const volume of Object.values(pool.cluster.volumes)) {
    if (volume.rebalance?.status === 'started') volume.rebalance.status = 'completed';
  }
}
