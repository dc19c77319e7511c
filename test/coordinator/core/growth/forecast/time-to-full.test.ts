// The burst: what half an hour of samples says.
import { expect, test } from 'vitest';
import { timeToFullMs } from '../../../../../coordinator/core/growth/forecast/time-to-full.ts';

const minuteMs = 60_000;
const now = 100 * minuteMs;

/** One sample a minute up to now, of a subvolume of 1000 bytes. */
function samples(count: number, use: (minute: number) => number) {
  return Array.from({ length: count }, (_, index) => ({
    at: now - (count - 1 - index) * minuteMs,
    usedBytes: use(index),
    sizeBytes: 1000,
  }));
}

test.each<[name: string, found: number | null, history: ReturnType<typeof samples>]>([
  ['a burst of 10 bytes a minute with 410 left', 41 * minuteMs, samples(30, (minute) => 300 + 10 * minute)],
  ['a flat line', null, samples(30, () => 500)],
  ['what shrinks', null, samples(30, (minute) => 900 - minute)],
  ['three samples', null, samples(3, (minute) => 500 + minute)],
  ['nine minutes', null, samples(9, (minute) => 500 + minute)],
  ['nothing', null, []],
  ['a burst that ended half an hour ago', null, samples(90, (minute) => Math.min(500, 10 * minute))],
  ['a step', null, samples(30, (minute) => (minute < 25 ? 500 : 800))],
])('%s', (_, found, history) => {
  expect(timeToFullMs(history, now)).toBe(found);
});

test.each([0, 1000])(
  'one zero sample, which says that %i bytes are used, changes next to nothing',
  (used) => {
    const spoilt = samples(30, (minute) => (minute === 29 ? used : 300 + 10 * minute));
    const found = timeToFullMs(spoilt, now) ?? 0;
    expect(Math.abs(found - 41 * minuteMs)).toBeLessThan(minuteMs);
  },
);

test('samples from the future of a clock that was set back are left out', () => {
  const history = samples(30, (minute) => 300 + 10 * minute);
  const later = { at: now + 5 * minuteMs, usedBytes: 0, sizeBytes: 1000 };
  expect(timeToFullMs([...history, later], now)).toBe(41 * minuteMs);
});
