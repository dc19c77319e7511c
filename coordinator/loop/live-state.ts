// The coordinator's memory between activations: the newest report and beat of each server, policies, plans, outcomes.
// It only takes in what arrives and refuses what is older than what it has; what follows from it is the core's business.
import type { ClusterIntent } from '../../shared/model/cluster-intent.ts';
import type { PlanId, ServerName, VolumeName } from '../../shared/model/names.ts';
import type { Outcome } from '../../shared/model/order.ts';
import type { PlanRecord } from '../../shared/model/plan.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { Beat, Report } from '../../shared/model/report.ts';
import type { Reconciliation, ServerState, State } from '../core/state.ts';
import { endedPlansInMemory } from '../store/store.ts';

/** Earlier runs remembered per server, so that a late message of one is not taken for a new run. */
const retiredRunsKept = 8;

/** Outcomes kept in memory; far more than the one order in flight that a pool may have. */
const outcomesKept = 1000;

/** Servers taken in; a pool has at most some hundreds, and a flood of invented names must not fill the memory. */
const serversKept = 20_000;

export interface LiveState {
  /** What the core works on now. */
  view(): State;
  /** Takes a report in; false when it is older than what is known, or one server too many. */
  takeReport(report: Report, now: number): boolean;
  /** Takes a beat in; false when it is old, `unknown` when no report of that run has come yet. */
  takeBeat(beat: Beat, now: number): boolean | 'unknown';
  takeOutcome(outcome: Outcome): void;
  setPolicy(volume: VolumeName, policy: Policy): void;
  setIntent(intent: ClusterIntent): void;
  setPlan(record: PlanRecord): void;
  setEpoch(epoch: number): void;
  /** Takes in what an activation concluded, after it was saved. */
  adopt(reconciliation: Reconciliation): void;
}

/** A memory that starts with what the store had; `reports` are of an earlier life and are as old as they say. */
export function createLiveState(start: {
  epoch: number;
  policies: ReadonlyMap<VolumeName, Policy>;
  intent: ClusterIntent;
  plans: ReadonlyMap<PlanId, PlanRecord>;
  outcomes: ReadonlyMap<string, Outcome>;
  reports: readonly { report: Report; reportAt: number }[];
  /** How subvolumes were used and what was dropped of late, asked for at each view. */
  histories: () => State['histories'];
  dropped: () => State['dropped'];
}): LiveState {
  let epoch = start.epoch;
  const servers = new Map<ServerName, ServerState>();
  const retiredRuns = new Map<ServerName, Map<string, number>>();
  const policies = new Map(start.policies);
  const plans = new Map(start.plans);
  const outcomes = new Map(start.outcomes);
  let intent = start.intent;
  let crossedSince: ReadonlyMap<VolumeName, number> = new Map();
  let emergencySince: ReadonlyMap<VolumeName, number> = new Map();

  for (const { report, reportAt } of start.reports) {
    servers.set(report.server, { name: report.server, report, reportAt, beat: null, beatAt: null });
  }

  /**
   * Whether a message is a late one of a run that ended. A run that says something newer has not ended: two agents use
   * one name, or somebody speaks in the name of another, and neither may silence the other for good.
   */
  function isLate({ server, run, sequence }: Report | Beat): boolean {
    return sequence <= (retiredRuns.get(server)?.get(run) ?? -1);
  }

  function retire({ name, report, beat }: ServerState): void {
    const retired = [...(retiredRuns.get(name) ?? [])].filter(([run]) => run !== report.run);
    const newest = Math.max(report.sequence, beat?.sequence ?? 0);
    retiredRuns.set(name, new Map([[report.run, newest] as const, ...retired].slice(0, retiredRunsKept)));
  }

  function forgetOldPlans(): void {
    if (plans.size <= endedPlansInMemory) return;
    const ended = [...plans.values()].filter(({ endedAt }) => endedAt !== null);
    ended.sort((a, b) => b.plan.writtenAt - a.plan.writtenAt);
    for (const { plan } of ended.slice(endedPlansInMemory)) plans.delete(plan.id);
  }

  return {
    view: () => ({
      epoch,
      servers,
      policies,
      intent,
      plans,
      outcomes,
      crossedSince,
      emergencySince,
      histories: start.histories(),
      dropped: start.dropped(),
    }),
    takeReport(report, now) {
      const known = servers.get(report.server);
      if (known === undefined && servers.size >= serversKept) return false;
      if (known !== undefined && known.report.run === report.run && report.sequence < known.report.sequence) {
        return false;
      }
      if (known !== undefined && known.report.run !== report.run) {
        if (isLate(report)) return false;
        retire(known);
      }
      const isSameRun = known?.report.run === report.run;
      servers.set(report.server, {
        name: report.server,
        report,
        reportAt: now,
        beat: isSameRun ? known.beat : null,
        beatAt: isSameRun ? known.beatAt : null,
      });
      return true;
    },
    takeBeat(beat, now) {
      const known = servers.get(beat.server);
      if (known === undefined) return 'unknown';
      if (known.report.run !== beat.run) {
        return isLate(beat) ? false : 'unknown';
      }
      if (known.beat !== null && beat.sequence <= known.beat.sequence) return false;
      servers.set(beat.server, { ...known, beat, beatAt: now });
      return true;
    },
    takeOutcome(outcome) {
      outcomes.set(outcome.orderId, outcome);
      for (const oldest of outcomes.keys()) {
        if (outcomes.size <= outcomesKept) break;
        outcomes.delete(oldest);
      }
    },
    setPolicy: (volume, policy) => void policies.set(volume, policy),
    setIntent(value) {
      intent = value;
    },
    setPlan(record) {
      plans.set(record.plan.id, record);
      forgetOldPlans();
    },
    setEpoch(value) {
      epoch = value;
    },
    adopt(reconciliation) {
      for (const record of reconciliation.plans) plans.set(record.plan.id, record);
      if (reconciliation.plans.length > 0) forgetOldPlans();
      crossedSince = reconciliation.crossedSince;
      emergencySince = reconciliation.emergencySince;
    },
  };
}
