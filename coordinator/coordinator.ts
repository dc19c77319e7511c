// The coordinator, wired: what arrives goes into the memory and says "activate"; what an activation concludes is saved,
// then sent. Making it reads the store and takes a new epoch; only `start` listens and decides.
import { describeError } from '../shared/lib/errors.ts';
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
import { createIntake } from './loop/intake.ts';
import { createLiveState } from './loop/live-state.ts';
import { createSampleHistory } from './loop/sample-history.ts';
import type { Store } from './store/store.ts';

/** Reports are a cache: what a crash loses of them is said again within 30 s. */
const saveReportsEveryMs = 10_000;

/** A burst shows in half an hour of these; oftener would be a larger history and no better forecast. */
const sampleEveryMs = 60_000;

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
  const history = createSampleHistory({ store, clock });
  const live = createLiveState({
    ...store.load(),
    epoch: store.takeEpoch(highestEpoch(reports) + 1),
    reports,
    histories: () => history.histories(),
    dropped: () => droppedOfLate(dropped, clock.now()),
  });
  const { privatePem } = store.signingKeys(generateSigningKeys);
  const sender = createOrderSender({ bus, clock, log, privatePem });
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

  const intake = createIntake({
    live,
    store,
    clock,
    activate: () => activation.activate(),
    settle: (orderId) => sender.settle(orderId),
    keepReport: (report, reportAt) => void unsaved.set(report.server, { report, reportAt }),
    drop: dropped.drop,
    ask,
  });

  /** A store that fails is no bug of the handler's: the process ends, and the next one reads what was saved. */
  function orEnd<T>(handle: (message: T) => void): (message: T) => void {
    return (message) => {
      try {
        handle(message);
      } catch (error) {
        edges.onFailure(error);
      }
    };
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
        report: orEnd(intake.report),
        outcome: orEnd(intake.outcome),
        beat: orEnd(intake.beat),
      });
      stack.defer('the bus’s messages', end);
      const saving = createPeriodic({
        clock,
        periodMs: saveReportsEveryMs,
        task: async () => saveReports(),
        onError: (error) => log.warn({ error: describeError(error) }, 'the reports were not saved'),
      });
      saving.start();
      // A failure is tried again with the next sample: what is missing meanwhile is a gap, and a forecast bears gaps.
      const sampling = createPeriodic({
        clock,
        periodMs: sampleEveryMs,
        task: () => history.sample(live.view()),
        onError: (error) => log.warn({ error: describeError(error) }, 'no sample was taken'),
      });
      sampling.start();
      stack.defer('the history', () => sampling.stop());
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
