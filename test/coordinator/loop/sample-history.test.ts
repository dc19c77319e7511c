// The histories in memory and in the store: taken from fresh servers, read back at a start, replaced and never changed.
import { expect, test } from 'vitest';
import { createSampleHistory } from '../../../coordinator/loop/sample-history.ts';
import { openStore } from '../../../coordinator/store/open-store.ts';
import { alikeServers, buildState, morning } from '../../support/cluster-builder.ts';
import { recordLog } from '../../support/log-recorder.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const volumes = { vol1: { kind: 'distribute' as const, bricks: ['gluster1:b1/vol1'] } };
const minuteMs = 60_000;

function stateAt(now: number, freePercent: number, silentMs = 0) {
  const cluster = { servers: alikeServers(1, { b1: { freePercent } }), volumes };
  return buildState(cluster, { now, silentMs: { gluster1: silentMs } });
}

function setUp() {
  const clock = createManualClock(morning);
  const store = openStore({ directory: ':memory:', log: recordLog().log });
  return { clock, store, history: createSampleHistory({ store, clock }) };
}

test('a sample is taken of what is fresh, and a gap is left by what is not', async () => {
  const { clock, history } = setUp();
  for (const silentMs of [0, 60_000, 0]) {
    history.sample(stateAt(clock.now(), 60, silentMs));
    await clock.advance(minuteMs);
  }
  const [samples] = [...history.histories().values()];
  expect(samples?.map(({ at }) => at - morning)).toEqual([0, 2 * minuteMs]);
});

test('a list of samples is replaced and not changed, so that what follows from it can be kept', async () => {
  const { clock, history } = setUp();
  history.sample(stateAt(clock.now(), 60));
  const before = [...history.histories().values()][0];
  await clock.advance(minuteMs);
  history.sample(stateAt(clock.now(), 60));
  expect(before).toHaveLength(1);
  expect([...history.histories().values()][0]).toHaveLength(2);
});

test('after a restart the history is what it was, and hours that were not folded yet are', async () => {
  const { clock, store, history } = setUp();
  for (let minute = 0; minute < 200; minute += 1) {
    history.sample(stateAt(clock.now(), 60));
    await clock.advance(minuteMs);
  }
  expect(createSampleHistory({ store, clock }).histories()).toEqual(history.histories());
  await clock.advance(5 * 60 * minuteMs);
  const later = createSampleHistory({ store, clock });
  later.sample(stateAt(clock.now(), 55));
  const [samples] = [...later.histories().values()];
  expect(samples).toHaveLength(5);
  const key = [...later.histories().keys()][0]!;
  expect(store.loadHistory(0, clock.now()).find((one) => one.key === key)?.hours).toHaveLength(4);
});
