// What the core works on: everything the coordinator knows, as plain values, and what one activation concludes from
// it. All times are ms since 1970 on the coordinator's clock, so that no agent's wrong clock can make old news fresh.
import type { Decision } from '../../shared/model/decision.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { PlanId, ServerName, VolumeName } from '../../shared/model/names.ts';
import type { Order, Outcome } from '../../shared/model/order.ts';
import type { PlanRecord } from '../../shared/model/plan.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { Beat, Report } from '../../shared/model/report.ts';

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
  readonly plans: ReadonlyMap<PlanId, PlanRecord>;
  /** The newest outcome of each order in flight, by the order's id. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Since when each volume's fullest subvolume has been below its level without a break, on fresh reports. */
  readonly crossedSince: ReadonlyMap<VolumeName, number>;
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
  /** When the passing of time alone could change the conclusion; null when it cannot. */
  readonly wakeAt: number | null;
}

/** How old a beat or report may be to act on it: ten missed beats, and a report that was repeated in time. */
export const freshBeatMs = 10_000;
export const freshReportMs = 75_000;
