// What arrives from the servers, taken in: into the memory, into the store where it must not be lost, and then
// "activate". The bus is open to whoever reaches it, so nothing that was not asked for is believed.
import type { Outcome } from '../../shared/model/order.ts';
import type { Beat, Report } from '../../shared/model/report.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Store } from '../store/store.ts';
import type { LiveState } from './live-state.ts';

/**
 * How far above our own an agent's epoch may be. Each start of a coordinator takes one, so a million starts were missed
 * by a restored database at the very most; more is a damaged or invented report, and would use the numbers up.
 */
const mostEpochsAhead = 1_000_000;

export interface Intake {
  report(report: Report): void;
  beat(beat: Beat): void;
  outcome(outcome: Outcome): void;
}

/** An intake over these edges. `drop` counts a message that is not believed, `ask` asks all agents for a report. */
export function createIntake(edges: {
  live: LiveState;
  store: Store;
  clock: Clock;
  activate: () => void;
  settle: (orderId: string) => void;
  keepReport: (report: Report, reportAt: number) => void;
  drop: (sender: string, problem: string) => void;
  ask: () => void;
}): Intake {
  const { live, store, clock } = edges;

  /** Whether the order that the outcome speaks of is the newest one of its step, and went to that server. */
  function isAwaited(outcome: Outcome): boolean {
    const record = live.view().plans.get(outcome.plan);
    const isOfStep = record?.steps[outcome.stepIndex]?.orderId === outcome.orderId;
    return isOfStep && record?.plan.steps[outcome.stepIndex]?.server === outcome.server;
  }

  return {
    report(report) {
      const now = clock.now();
      const { epoch } = live.view();
      if ((report.epoch ?? 0) > epoch + mostEpochsAhead) {
        edges.drop(report.server, `its epoch ${report.epoch} is far above that of any coordinator, ${epoch}`);
        return;
      }
      if (!live.takeReport(report, now)) return;
      edges.keepReport(report, now);
      // An agent that has obeyed a higher epoch would refuse our orders: this coordinator is the newer one, so it goes above.
      if ((report.epoch ?? 0) > epoch) live.setEpoch(store.takeEpoch((report.epoch ?? 0) + 1));
      edges.activate();
    },
    beat(beat) {
      const taken = live.takeBeat(beat, clock.now());
      if (taken === 'unknown') edges.ask();
      if (taken === true) edges.activate();
    },
    outcome(outcome) {
      // A late outcome of an earlier attempt changes nothing, and an invented one must not cost a write to the disk.
      if (!isAwaited(outcome) || live.view().outcomes.has(outcome.orderId)) return;
      store.settleOrder(outcome, journalEntryOf(outcome, clock.now()));
      edges.settle(outcome.orderId);
      live.takeOutcome(outcome);
      edges.activate();
    },
  };
}

function journalEntryOf(outcome: Outcome, now: number) {
  const { plan, server, stepIndex } = outcome;
  const message = `${outcome.kind} after ${outcome.endedAt - outcome.beganAt} ms: ${outcome.message}`;
  return { at: now, event: 'outcome' as const, plan, server, stepIndex, message };
}
