// The loop as those see it who ask it for something, the API first of all. Questions answer from memory; whatever changes something has
// been saved durably by the time it returns, so that no answer can be taken back by a crash.
import type { ErrorCode } from '../../shared/lib/errors.ts';
import type { ClusterIntent, ClusterWish } from '../../shared/model/cluster-intent.ts';
import type { Decision } from '../../shared/model/decision.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { PlanId, VolumeName } from '../../shared/model/names.ts';
import type { Plan, PlanRecord } from '../../shared/model/plan.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { Cluster } from '../core/cluster.ts';
import type { HourOfUse } from '../core/growth/forecast/fold-history.ts';
import type { SubvolumeKey } from '../core/growth/forecast/forecast-subvolume.ts';
import type { State } from '../core/state.ts';
import type { JournalPage } from '../store/store.ts';

/** State and cluster as they are now; findings and decisions as the newest activation concluded them, a moment ago. */
export interface Snapshot {
  readonly state: State;
  readonly cluster: Cluster;
  readonly findings: readonly Finding[];
  readonly decisions: readonly Decision[];
  /** ms since 1970; ages are counted from here. */
  readonly now: number;
}

/** What growing a volume now would be: the decision with every candidate, and the plan where there is one. */
export interface Preview {
  readonly decision: Decision;
  readonly plan: Plan | null;
  /** How long the space lasts by forecast, ms; null when nothing says that it fills. */
  readonly timeToFull: { readonly beforeMs: number | null; readonly afterMs: number | null };
}

/** The record as it is afterwards, or why not: one sentence for each reason. */
export type Answer =
  | { readonly kind: 'accepted'; readonly record: PlanRecord }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly reasons: readonly string[] };

export interface Coordination {
  snapshot(): Snapshot;
  /** What is missing before this coordinator can do its work, one sentence each; empty when it is ready. */
  unreadiness(): readonly string[];
  /** Sets the policy of a volume; the caller has checked it. `who` is the person or address that asked. */
  setPolicy(volume: VolumeName, policy: Policy, who: string): void;
  /** Sets the default policy and the freeze; the caller has checked it. Answers what holds now. */
  setCluster(wish: ClusterWish, who: string): ClusterIntent;
  /** Lets a proposed plan run, if `hash` is the plan's: what runs is what was previewed. */
  approve(plan: PlanId, hash: string, who: string): Answer;
  /** Ends a plan that is proposed, or running as far as nothing is under way. */
  cancel(plan: PlanId, who: string): Answer;
  /** Holds a running plan: what is under way ends, and nothing more is ordered. */
  pause(plan: PlanId, who: string): Answer;
  resume(plan: PlanId, who: string): Answer;
  /** Changes nothing. Throws MortarError('not-found') for an unknown volume. */
  preview(volume: VolumeName): Preview;
  /** Stores what `preview` shows as a proposed plan, to be approved; refused with the decision's reasons where there is none. */
  propose(volume: VolumeName, who: string): Answer;
  /** One subvolume's use from `from` up to before `to` (ms since 1970), oldest first. */
  usage(key: SubvolumeKey, from: number, to: number): HourOfUse[];
  /** The story of a plan, oldest first, from after the entry `after` on. */
  journal(plan: PlanId, page: { readonly limit: number; readonly after: number | null }): JournalPage;
}
