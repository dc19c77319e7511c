// The history in memory: single samples while they are young, then hours, and an end to both.
import { expect, test } from 'vitest';
import {
  addSample,
  type HourOfUse,
  historyFrom,
  noHistory,
} from '../../../../../coordinator/core/growth/forecast/fold-history.ts';
import { usefulHistoryMs } from '../../../../../coordinator/core/growth/forecast/forecast-full.ts';
import { hourMs, type Sample } from '../../../../../coordinator/core/growth/forecast/sample.ts';

const start = 1000 * hourMs;
const sampleAt = (minute: number, usedBytes = minute): Sample => ({
  at: start + minute * 60_000,
  usedBytes,
  sizeBytes: 10_000,
});

function fold(samples: readonly Sample[]) {
  let history = noHistory;
  const hours: HourOfUse[] = [];
  for (const sample of samples) {
    const next = addSample(history, sample);
    history = next.history;
    hours.push(...next.folded);
  }
  return { history, hours };
}

test('an hour is folded once, two hours after it, as its median and its greatest use', () => {
  const samples = Array.from({ length: 241 }, (_, minute) => sampleAt(minute));
  const { history, hours } = fold(samples);
  expect(hours).toEqual([
    { at: start, usedBytes: 30, mostUsedBytes: 59, sizeBytes: 10_000 },
    { at: start + hourMs, usedBytes: 90, mostUsedBytes: 119, sizeBytes: 10_000 },
  ]);
  expect(history.hours.map(({ at }) => at)).toEqual([start + hourMs / 2, start + 1.5 * hourMs]);
  expect(history.recent).toEqual(samples.slice(120));
});

test('one zero sample does not show in its hour', () => {
  const samples = Array.from({ length: 241 }, (_, minute) => sampleAt(minute, minute === 7 ? 0 : 500));
  expect(fold(samples).hours[0]?.usedBytes).toBe(500);
});

test('after a month it grows no longer', () => {
  const { history } = fold(Array.from({ length: 24 * 40 }, (_, hour) => sampleAt(60 * hour)));
  expect(history.hours.length + history.recent.length).toBeLessThanOrEqual(usefulHistoryMs / hourMs + 1);
});

test('what came after a clock was set ahead is forgotten when it is set back', () => {
  const { history } = fold([sampleAt(0), sampleAt(600_000), sampleAt(1)]);
  expect([...history.hours, ...history.recent]).toEqual([sampleAt(1)]);
});

test('a history that was stored is the same again', () => {
  const samples = Array.from({ length: 300 }, (_, minute) => sampleAt(minute));
  const { history, hours } = fold(samples);
  expect(historyFrom(hours, samples)).toEqual(history);
});
