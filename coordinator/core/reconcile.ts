// The whole of what the coordinator thinks, as one pure function: look, carry on what runs, decide for each volume,
// write down what is wrong. It never acts; the loop saves the answer and then sends the orders. Given its own answer it
// has nothing to add, so that a quiet cluster stays quiet.

import { sortedByText, valuesByKey } from '../../shared/lib/compare-text.ts';
import type { VolumeName } from '../../shared/model/names.ts';
import type { Order } from '../../shared/model/order.ts';
import { isUnderWay, type PlanRecord } from '../../shared/model/plan.ts';
import type { Cluster } from './cluster.ts';
import { decideGrowth, type GrowthConclusion } from './growth/decide-growth.ts';
import { runningPlans } from './growth/past-growths.ts';
import { policyOf } from './growth/policy-of.ts';
import { findFindings } from './health/find-findings.ts';
import { advancePlan } from './planning/advance-plan.ts';
import { startPlan } from './planning/approve-plan.ts';
import { endPlan } from './planning/cancel-plan.ts';
import { endObsoleteProposals } from './planning/end-obsolete-proposals.ts';
import { proposePlan } from './planning/propose-plan.ts';
import { freshBeatMs, freshReportMs, type Reconciliation, type State } from './state.ts';
import { viewCluster } from './view-cluster.ts';

/** What follows from `state` at `now` (ms since 1970, the coordinator's clock). */
export function reconcile(state: State, now: number): Reconciliation {
  const cluster = viewCluster(state, now);
  const plans = new Map(state.plans);
  const current: State = { ...state, plans };
  const orders: Order[] = [];
  const wakes: (number | null)[] = [];

  const advance = (): void => {
    // The first running plan alone: a pool changes one thing at a time. When it ends, the next may begin.
    for (const record of runningPlans(current)) {
      const next = advancePlan(current, cluster, record, now);
      plans.set(record.plan.id, next.record);
      orders.push(...next.orders);
      wakes.push(next.wakeAt);
      if (isUnderWay(next.record.status)) return;
    }
  };

  if (isPoolSeen(cluster)) {
    for (const record of endObsoleteProposals(state, cluster, now)) plans.set(record.plan.id, record);
  }
  advance();
  const hadRunning = runningPlans(current).length > 0;
  const conclusions = cluster.volumes.map((volume) => {
    const conclusion = decideGrowth(current, cluster, volume);
    wakes.push(conclusion.wakeAt);
    const isAuto = policyOf(state, volume.volume.name).mode === 'auto';
    for (const record of adoptPlan(current, conclusion, volume.volume.id, isAuto, now)) {
      plans.set(record.plan.id, record);
    }
    return conclusion;
  });
  if (!hadRunning) advance();

  const changed = valuesByKey(plans).filter((record) => state.plans.get(record.plan.id) !== record);
  return {
    findings: findFindings(current, cluster, conclusions),
    decisions: conclusions.map((conclusion) => conclusion.decision),
    plans: changed,
    orders,
    crossedSince: crossingsOf(state.crossedSince, cluster, conclusions, ({ crossedSince }) => crossedSince),
    emergencySince: crossingsOf(
      state.emergencySince,
      cluster,
      conclusions,
      ({ emergencySince }) => emergencySince,
    ),
    wakeAt: earliest([...wakes, ...staleTimes(cluster)]),
  };
}

/** Whether any server is heard that knows what volumes there are: without one, nothing is known to be gone. */
function isPoolSeen(cluster: Cluster): boolean {
  return cluster.servers.some((server) => server.isFresh && server.gluster !== null);
}

/** The records that a conclusion changes: the plan it starts or proposes, and the proposals that it takes the place of. */
function adoptPlan(
  { plans }: State,
  { plan, changed }: GrowthConclusion,
  volumeId: string,
  isAuto: boolean,
  now: number,
): PlanRecord[] {
  const others = sortedByText(plans.values(), (record) => record.plan.id).filter(
    (record) =>
      record.status === 'proposed' && record.plan.goal.volumeId === volumeId && record.plan.id !== plan?.id,
  );
  if (plan === null) {
    return changed === null
      ? []
      : others.map((record) => endPlan(record, `it does not hold any more: ${changed}`, now));
  }
  const replaced = others.map((record) =>
    endPlan(record, `replaced by ${plan.id}${changed === null ? '' : `: ${changed}`}`, now),
  );
  const known = plans.get(plan.id);
  const record = known ?? proposePlan(plan);
  if (isAuto) return [...replaced, startPlan(record, 'policy', now)];
  return known === undefined ? [...replaced, record] : replaced;
}

function crossingsOf(
  before: ReadonlyMap<VolumeName, number>,
  cluster: Cluster,
  conclusions: readonly GrowthConclusion[],
  sinceOf: (conclusion: GrowthConclusion) => number | null,
): ReadonlyMap<VolumeName, number> {
  const crossings = new Map<VolumeName, number>(isPoolSeen(cluster) ? [] : before);
  for (const conclusion of conclusions) {
    const since = sinceOf(conclusion);
    if (since === null) crossings.delete(conclusion.decision.volume);
    else crossings.set(conclusion.decision.volume, since);
  }
  return new Map(sortedByText(crossings, ([volume]) => volume));
}

/** When each server that is fresh now will not be any more, unless it is heard. */
function staleTimes(cluster: Cluster): number[] {
  return cluster.servers
    .filter((server) => server.isFresh)
    .map(({ state }) => Math.min(state.reportAt + freshReportMs, (state.beatAt ?? 0) + freshBeatMs) + 1);
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
