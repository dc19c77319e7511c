// What the coordinator believes of what arrives: epochs that run ahead, outcomes that nobody waits for.
import { expect, test } from 'vitest';
import { createIntake } from '../../../coordinator/loop/intake.ts';
import { createLiveState } from '../../../coordinator/loop/live-state.ts';
import { openStore } from '../../../coordinator/store/open-store.ts';
import { recordLog } from '../../support/log-recorder.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { sampleReport } from '../../support/sample-report.ts';
import { change, planId, sampleOrder, sampleOutcome, samplePlan } from '../store/samples.ts';

function setUp() {
  const store = openStore({ directory: ':memory:', log: recordLog().log });
  const order = sampleOrder(1, 1);
  const record = samplePlan(1, 'running');
  const steps = record.steps.map((step, index) =>
    index === order.stepIndex ? { ...step, orderId: order.id } : step,
  );
  store.save(change({ plans: [{ ...record, steps }], orders: [order] }));
  const live = createLiveState({
    ...store.load(),
    epoch: store.takeEpoch(0),
    reports: [],
    histories: () => new Map(),
    dropped: () => new Map(),
  });
  const dropped: string[] = [];
  const settled: string[] = [];
  let activations = 0;
  const intake = createIntake({
    live,
    store,
    clock: createManualClock(),
    activate: () => {
      activations += 1;
    },
    settle: (orderId) => settled.push(orderId),
    keepReport: () => {},
    drop: (sender, problem) => dropped.push(`${sender}: ${problem}`),
    ask: () => {},
  });
  const journal = () => store.journal(planId(1), { limit: 10, after: null }).items;
  return { intake, live, store, order, dropped, settled, journal, activations: () => activations };
}

test('an agent that has obeyed a higher epoch lifts this coordinator above it', () => {
  const { intake, live, store } = setUp();
  intake.report(sampleReport('gluster1', { epoch: 7 }));
  expect(live.view().epoch).toBe(8);
  expect(store.takeEpoch(0)).toBe(9);
});

test('an epoch that no coordinator can have reached is not believed, and changes nothing', () => {
  const { intake, live, dropped, activations } = setUp();
  intake.report(sampleReport('gluster1', { epoch: 999_999_999_999 }));
  expect(dropped).toEqual([expect.stringMatching(/^gluster1: its epoch 999999999999 is far above/)]);
  expect([live.view().epoch, live.view().servers.size, activations()]).toEqual([1, 0, 0]);
});

test('an awaited outcome is kept with its line in the journal, once', () => {
  const { intake, store, order, settled, journal, activations } = setUp();
  const outcome = sampleOutcome(order);
  intake.outcome(outcome);
  intake.outcome(outcome);
  expect(store.load().outcomes.get(order.id)).toEqual(outcome);
  expect(journal().map(({ event }) => event)).toEqual(['outcome']);
  expect([settled, activations()]).toEqual([[order.id], 1]);
});

test.each([
  ['of an unknown plan', { plan: planId(9) }],
  ['of another attempt', { orderId: '1.another.0.9' }],
  ['of another server', { server: 'gluster9' as never }],
  ['of a step that there is not', { stepIndex: 99 }],
])('an outcome %s is passed over without a write', (_, over) => {
  const { intake, order, settled, journal, activations } = setUp();
  intake.outcome({ ...sampleOutcome(order), ...over });
  expect([journal(), settled, activations()]).toEqual([[], [], 0]);
});
