// Lets a proposed plan run. What runs is what was looked at: the approval names the hash, and the plan must still be what
// would be written now. Otherwise the answer says what has changed, and the newer plan is to be looked at first.
import type { PlanId } from '../../../shared/model/names.ts';
import type { PlanRecord } from '../../../shared/model/plan.ts';
import { type Cluster, type ClusterVolume, volumeById } from '../cluster.ts';
import { closedGates } from '../growth/gates.ts';
import { runningPlans } from '../growth/past-growths.ts';
import { planGrowth } from '../growth/plan-growth.ts';
import { policyOf } from '../growth/policy-of.ts';
import type { State } from '../state.ts';
import { viewCluster } from '../view-cluster.ts';

/** The record as it is to be saved, or why nothing changes. */
export type PlanChange =
  | { readonly ok: true; readonly record: PlanRecord }
  | { readonly ok: false; readonly code: 'not-found' | 'conflict'; readonly sentence: string };

/** Approves the plan `id` in the name of `who`, who saw it with `hash`; `now` is ms since 1970. */
export function approvePlan(state: State, id: PlanId, hash: string, who: string, now: number): PlanChange {
  const record = state.plans.get(id);
  if (record === undefined) return { ok: false, code: 'not-found', sentence: `there is no plan ${id}` };
  if (record.status !== 'proposed') return conflict(`${id} is ${record.status} and not waiting for approval`);
  if (record.plan.hash !== hash)
    return conflict(`${id} has the hash ${record.plan.hash}, and ${hash} was approved`);
  const cluster = viewCluster(state, now);
  const volume = volumeById(cluster, record.plan.goal.volumeId);
  const why =
    volume === undefined
      ? `no server knows the volume ${record.plan.goal.volume}`
      : whyNotNow(state, cluster, volume, record);
  if (why !== null) return conflict(`${id} cannot be carried out: ${why}`);
  return { ok: true, record: startPlan(record, who, now) };
}

/** The record of a plan that `who` lets run from `now` on. */
export function startPlan(record: PlanRecord, who: string, now: number): PlanRecord {
  return { ...record, status: 'running', approvedBy: who, startedAt: now };
}

function conflict(sentence: string): PlanChange {
  return { ok: false, code: 'conflict', sentence };
}

function whyNotNow(state: State, cluster: Cluster, volume: ClusterVolume, record: PlanRecord): string | null {
  const [gate] = closedGates({ cluster, volume, running: runningPlans(state), intent: state.intent });
  if (gate !== undefined) return gate;
  const { name } = volume.volume;
  if (volume.space === null) return `the space of ${name} is not known`;
  const policy = policyOf(state, name);
  const growth = planGrowth(state, cluster, {
    volume,
    policy,
    before: volume.space,
    trigger: '',
    proposal: record,
  });
  if (growth.kind !== 'planned') return growth.reasons[0] ?? growth.changed;
  return growth.changed === null ? null : `${growth.changed}; look at the volume's new plan`;
}
