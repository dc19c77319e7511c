// What the core works on: everything the coordinator knows, as plain values, and what one activation concludes from
// it. All times are ms since 1970 on the coordinator's clock, so that no agent's wrong clock can make old news fresh.
import type { ClusterIntent } from '../../shared/model/cluster-intent.ts';
import type { Decision } from '../../shared/model/decision.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { PlanId, ServerName, VolumeName } from '../../shared/model/names.ts';
import type { Order, Outcome } from '../../shared/model/order.ts';
import type { PlanRecord } from '../../shared/model/plan.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { Beat, Report } from '../../shared/model/report.ts';
import type { SubvolumeKey } from './growth/forecast/forecast-subvolume.ts';
import type { Sample } from './growth/forecast/sample.ts';

export interface ServerState {
  readonly name: ServerName;
  readonly report: Report;
  readonly reportAt: number;
  /** The newest beat of the same run of the agent; null until one came. */
  readonly beat: Beat | null;
  readonly beatAt: number | null;
}

export interface State {
  readonly epoch: number;
  readonly servers: ReadonlyMap<ServerName, ServerState>;
  readonly policies: ReadonlyMap<VolumeName, Policy>;
  /** The policy of all other volumes, and whether everything is to stand still. */
  readonly intent: ClusterIntent;
  readonly plans: ReadonlyMap<PlanId, PlanRecord>;
  /** The newest outcome of each order in flight, by the order's id. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Since when each volume's fullest subvolume has been below its level without a break, on fresh reports. */
  readonly crossedSince: ReadonlyMap<VolumeName, number>;
  /** The same for the emergency level. */
  readonly emergencySince: ReadonlyMap<VolumeName, number>;
  /**
   * How each subvolume was used, oldest first: a sample a minute for the last hours, one an hour for the four weeks
   * before. A list is never changed, only replaced. Nothing is kept of a subvolume while its space is not known.
   */
  readonly histories: ReadonlyMap<SubvolumeKey, readonly Sample[]>;
  /** Messages that did not fit their schema, by sender as the bus names it. */
  readonly dropped: ReadonlyMap<string, { readonly count: number; readonly problem: string }>;
}

/** What one activation concludes. Nothing here has happened yet: the loop saves it, then sends the orders. */
export interface Reconciliation {
  readonly findings: Finding[];
  readonly decisions: Decision[];
  /** Plans that are new or have changed. */
  readonly plans: PlanRecord[];
  readonly orders: Order[];
  readonly crossedSince: ReadonlyMap<VolumeName, number>;
  readonly emergencySince: ReadonlyMap<VolumeName, number>;
  /** When the passing of time alone could change the conclusion; null when it cannot. */
  readonly wakeAt: number | null;
}

/** How old a beat or report may be to act on it: ten missed beats, and a report that was repeated in time. */
export const freshBeatMs = 10_000;
export const freshReportMs = 75_000;
