// The coordinator, wired: what arrives goes into the memory and says "activate"; what an activation concludes is saved,
// then sent. Making it does no I/O; `start` does.
import { describeError } from '../shared/lib/errors.ts';
import type { Outcome } from '../shared/model/order.ts';
import type { Report } from '../shared/model/report.ts';
import { encodeMessage } from '../shared/protocol/messages.ts';
import { generateSigningKeys } from '../shared/protocol/signing.ts';
import { subjects } from '../shared/protocol/subjects.ts';
import type { Bus } from '../shared/runtime/bus.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { createDroppedMessages, type DroppedMessages } from '../shared/runtime/dropped-messages.ts';
import type { Log } from '../shared/runtime/log.ts';
import { createPeriodic } from '../shared/runtime/periodic.ts';
import type { ReleaseStack } from '../shared/runtime/release-stack.ts';
import type { State } from './core/state.ts';
import { receiveFromServers } from './link/receive.ts';
import { createOrderSender } from './link/send-orders.ts';
import { createActivation } from './loop/activate.ts';
import { createCoordination } from './loop/create-coordination.ts';
import { createLiveState } from './loop/live-state.ts';
import type { Store } from './store/store.ts';

/** Reports are a cache: what a crash loses of them is said again within 30 s. */
const saveReportsEveryMs = 10_000;

/** A sender that has behaved for this long is no longer worth a finding. */
const droppedOfLateMs = 3_600_000;

/** How often servers of which only beats are heard are asked for a report, at the most. */
const askEveryMs = 2_000;

export interface CoordinatorEdges {
  bus: Bus;
  clock: Clock;
  log: Log;
  store: Store;
  /** Called once when an activation failed: nothing more is decided, and the process should end. */
  onFailure: (error: unknown) => void;
}

/** A coordinator over these edges. `coordination` is what the API works with; `start` begins to listen and to decide. */
export function createCoordinator(edges: CoordinatorEdges) {
  const { bus, clock, log, store } = edges;
  const dropped = createDroppedMessages(log, () => clock.now());
  const reports = store.loadReports();
  const live = createLiveState({
    ...store.load(),
    epoch: store.takeEpoch(highestEpoch(reports)),
    reports,
    dropped: () => droppedOfLate(dropped, clock.now()),
  });
  const { privatePem } = store.signingKeys(generateSigningKeys);
  const sender = createOrderSender({ bus, clock, privatePem });
  const activation = createActivation({ ...edges, live, dispatch: (order) => sender.send(order) });
  const coordination = createCoordination({
    live,
    store,
    clock,
    activation,
    isConnected: () => bus.isConnected(),
  });
  const unsaved = new Map<string, { report: Report; reportAt: number }>();
  let askedAt = 0;

  function ask(): void {
    if (clock.now() - askedAt < askEveryMs) return;
    askedAt = clock.now();
    bus.publish(subjects.ask(), encodeMessage('ask', { epoch: live.view().epoch }));
  }

  function takeReport(report: Report): void {
    const now = clock.now();
    if (!live.takeReport(report, now)) return;
    unsaved.set(report.server, { report, reportAt: now });
    // An agent that has obeyed a higher epoch would refuse our orders: this coordinator is the newer one, so it goes above.
    if (report.epoch !== null && report.epoch > live.view().epoch)
      live.setEpoch(store.takeEpoch(report.epoch));
    activation.activate();
  }

  function takeOutcome(outcome: Outcome): void {
    sender.settle(outcome.orderId);
    if (live.view().outcomes.has(outcome.orderId)) return;
    store.orderSettled(outcome.orderId, outcome);
    store.save({ plans: [], orders: [], policies: [], journal: [journalOf(outcome)] });
    live.takeOutcome(outcome);
    activation.activate();
  }

  function journalOf(outcome: Outcome) {
    const { plan, server, stepIndex } = outcome;
    const tookMs = outcome.endedAt - outcome.beganAt;
    const message = `${outcome.kind} after ${tookMs} ms: ${outcome.message}`;
    return { at: clock.now(), event: 'outcome' as const, plan, server, stepIndex, message };
  }

  function saveReports(): void {
    store.saveReports([...unsaved.values()]);
    unsaved.clear();
  }

  return {
    coordination,
    async start(stack: ReleaseStack): Promise<void> {
      stack.defer('the loop', () => activation.stop());
      stack.defer('orders', () => sender.stop());
      const end = receiveFromServers(bus, dropped.drop, {
        report: takeReport,
        outcome: takeOutcome,
        beat(beat) {
          const taken = live.takeBeat(beat, clock.now());
          if (taken === 'unknown') ask();
          if (taken === true) activation.activate();
        },
      });
      stack.defer('the bus’s messages', end);
      const saving = createPeriodic({
        clock,
        periodMs: saveReportsEveryMs,
        task: async () => saveReports(),
        onError: (error) => log.warn({ error: describeError(error) }, 'the reports were not saved'),
      });
      saving.start();
      stack.defer('the report cache', async () => {
        await saving.stop();
        saveReports();
      });
      bus.onStatus((isConnected) => {
        if (isConnected) ask();
      });
      ask();
      activation.activate();
    },
  };
}

function highestEpoch(reports: readonly { report: Report }[]): number {
  return reports.reduce((highest, { report }) => Math.max(highest, report.epoch ?? 0), 0);
}

function droppedOfLate(dropped: DroppedMessages, now: number): State['dropped'] {
  const late = dropped.senders().filter(({ droppedAt }) => now - droppedAt < droppedOfLateMs);
  return new Map(late.map(({ sender, count, problem }) => [sender, { count, problem }]));
}
