// What the coordinator's memory takes in and what it refuses: order, runs and age of reports and beats.
import { expect, test } from 'vitest';
import { createLiveState } from '../../../coordinator/loop/live-state.ts';
import { defaultClusterIntent } from '../../../shared/model/cluster-intent.ts';
import type { ServerName } from '../../../shared/model/names.ts';
import { sampleBeat, sampleReport } from '../../support/sample-report.ts';

const one = 'gluster1' as ServerName;
const nothing = {
  epoch: 1,
  policies: new Map(),
  intent: defaultClusterIntent,
  plans: new Map(),
  outcomes: new Map(),
  reports: [],
  histories: () => new Map(),
  dropped: () => new Map(),
};
const emptyState = () => createLiveState(nothing);

test('a report is known from when it came, whatever its own clock says', () => {
  const live = emptyState();
  expect(live.takeReport(sampleReport(one, { sentAt: 99 }), 5)).toBe(true);
  expect(live.view().servers.get(one)).toMatchObject({ reportAt: 5, beat: null });
});

test('an older report of the same run is refused, a repeated one is taken', () => {
  const live = emptyState();
  live.takeReport(sampleReport(one, { sequence: 7 }), 5);
  expect(live.takeReport(sampleReport(one, { sequence: 6 }), 6)).toBe(false);
  expect(live.takeReport(sampleReport(one, { sequence: 7 }), 7)).toBe(true);
  expect(live.view().servers.get(one)?.reportAt).toBe(7);
});

test('a late report of a run that ended does not replace the run that followed it', () => {
  const live = emptyState();
  live.takeReport(sampleReport(one, { run: 'run-one-1', sequence: 7 }), 5);
  live.takeReport(sampleReport(one, { run: 'run-two-2', sequence: 0 }), 6);
  expect(live.takeReport(sampleReport(one, { run: 'run-one-1', sequence: 7 }), 7)).toBe(false);
  expect(live.view().servers.get(one)?.report.run).toBe('run-two-2');
});

test('a run that goes on although another one took its name is taken in again, once it is beyond what it had said', () => {
  const live = emptyState();
  live.takeReport(sampleReport(one, { run: 'run-one-1', sequence: 7 }), 5);
  live.takeBeat(sampleBeat(one, { run: 'run-one-1', sequence: 9 }), 5);
  live.takeReport(sampleReport(one, { run: 'run-two-2', sequence: 0 }), 6);
  expect(live.takeBeat(sampleBeat(one, { run: 'run-one-1', sequence: 9 }), 7)).toBe(false);
  expect(live.takeBeat(sampleBeat(one, { run: 'run-one-1', sequence: 10 }), 8)).toBe('unknown');
  expect(live.takeReport(sampleReport(one, { run: 'run-one-1', sequence: 11 }), 9)).toBe(true);
  expect(live.view().servers.get(one)).toMatchObject({ reportAt: 9, beat: null });
});

test('a beat of a run without a report is unknown, so that a report can be asked for', () => {
  const live = emptyState();
  expect(live.takeBeat(sampleBeat(one), 5)).toBe('unknown');
  live.takeReport(sampleReport(one), 6);
  expect(live.takeBeat(sampleBeat(one, { run: 'run-two-2' }), 7)).toBe('unknown');
  expect(live.takeBeat(sampleBeat(one, { sequence: 3 }), 8)).toBe(true);
  expect(live.takeBeat(sampleBeat(one, { sequence: 3 }), 9)).toBe(false);
  expect(live.view().servers.get(one)?.beatAt).toBe(8);
});

test('a new run forgets the beat of the run before it', () => {
  const live = emptyState();
  live.takeReport(sampleReport(one), 1);
  live.takeBeat(sampleBeat(one, { sequence: 3 }), 2);
  live.takeReport(sampleReport(one, { run: 'run-two-2' }), 3);
  expect(live.view().servers.get(one)).toMatchObject({ beat: null, beatAt: null });
});

test('reports of an earlier life are as old as they were', () => {
  const live = createLiveState({ ...nothing, reports: [{ report: sampleReport(one), reportAt: 42 }] });
  expect(live.view().servers.get(one)?.reportAt).toBe(42);
});
