// The forecast on histories whose answer is known: what it must find, what must not mislead it, and when it must be silent.
import { describe, expect, test } from 'vitest';
import {
  type Forecast,
  forecastFull,
} from '../../../../../coordinator/core/growth/forecast/forecast-full.ts';
import { hourMs, type Sample } from '../../../../../coordinator/core/growth/forecast/sample.ts';

const dayMs = 24 * hourMs;
const start = Date.UTC(2026, 8, 1);
const size = 1_000_000;

/** Samples each ten minutes for so many days; `use` in percent of the size, by the day as a fraction. */
function history(days: number, use: (day: number) => number, sizeAt = (_: number) => size): Sample[] {
  return Array.from({ length: days * 144 }, (_, step) => {
    const day = step / 144;
    return {
      at: start + day * dayMs,
      usedBytes: Math.round((use(day) * size) / 100),
      sizeBytes: sizeAt(day),
    };
  });
}

function daysLeft(found: Forecast | null): number {
  return found === null ? Number.NaN : (found.fullAt.likely - found.asOf) / dayMs;
}

const tooth = (height: number) => (day: number) => height * ((day + 21 / 24) % 1);
const growing = (perDay: number, from: number) => (day: number) => from + perDay * day;
const weekdays = (perDay: number, from: number) => (day: number) =>
  from + perDay * (5 * Math.floor(day / 7) + Math.min(5, day % 7));

describe('finds when it is full', () => {
  test.each<[name: string, samples: Sample[], days: number, give: number]>([
    ['of steady growth', history(30, growing(1, 50)), 20, 0.3],
    ['of steady growth after two days', history(2, growing(5, 50)), 8, 1],
    [
      'under a nightly clean-up, by the top of the teeth',
      history(30, (day) => growing(1, 40)(day) + tooth(10)(day)),
      20,
      2,
    ],
    ['of growth on weekdays', history(35, weekdays(1, 40)), 49, 15],
    ['after a step a week ago', history(30, (day) => growing(1, 30)(day) + (day > 23 ? 15 : 0)), 25, 1],
    ['after a deletion', history(30, (day) => growing(1, 60)(day) - (day > 26 ? 30 : 0)), 40, 1],
    ['of one large file each week', history(35, (day) => 40 + 5 * Math.floor(day / 7)), 56, 1],
  ])('%s', (_, samples, days, give) => {
    const left = daysLeft(forecastFull(samples));
    expect(left).toBeGreaterThan(days - give);
    expect(left).toBeLessThan(days + give);
  });

  test('with gaps of hours and days as without them', () => {
    const samples = history(30, growing(1, 50)).filter(
      ({ at }) => ((at - start) / dayMs) % 5 > 1.5 && ((at - start) / hourMs) % 11 > 3,
    );
    expect(daysLeft(forecastFull(samples))).toBeCloseTo(20, 0);
  });

  test('sooner, at the early end, when growth has become faster', () => {
    const found = forecastFull(history(30, (day) => 30 + 0.5 * day + Math.max(0, day - 26) * 5));
    expect(found?.fullAt.early).toBeLessThan(found?.fullAt.likely ?? 0);
    expect(found?.fastBytesPerDay).toBeGreaterThan(4 * (found?.slowBytesPerDay ?? 0));
  });

  test('later, when the volume has been given more room', () => {
    const samples = history(30, growing(1, 50), (day) => (day > 29 ? 2 * size : size));
    expect(daysLeft(forecastFull(samples))).toBeCloseTo(120, 0);
    expect(daysLeft(forecastFull(samples, { sizeBytes: 1.5 * size }))).toBeCloseTo(70, 0);
  });
});

describe('is silent', () => {
  const noise = (day: number) => Math.sin(day * 997) / 2;
  test.each<[name: string, samples: Sample[]]>([
    ['without any sample', []],
    ['after a day', history(1, growing(5, 50))],
    ['about a flat line', history(30, () => 70)],
    ['about a flat line with noise', history(30, (day) => 70 + noise(day))],
    ['about a saw that does not rise', history(30, (day) => 60 + tooth(20)(day))],
    ['while use shrinks', history(30, growing(-1, 90))],
    ['about one step in a flat line', history(30, (day) => (day > 27 ? 75 : 50))],
    ['about one step in a short history', history(2, (day) => (day > 1.2 ? 75 : 50))],
    ['about what will be full in ten years', history(30, growing(0.005, 50))],
  ])('%s', (_, samples) => {
    expect(forecastFull(samples)).toBeNull();
  });

  test('with less history than is asked for', () => {
    const samples = history(6, growing(1, 50));
    expect(forecastFull(samples, { minimumHistoryMs: 7 * dayMs })).toBeNull();
    expect(forecastFull(samples, { minimumHistoryMs: 5 * dayMs })).not.toBeNull();
  });
});

describe('one zero sample', () => {
  const samples = history(30, growing(1, 50));
  const whole = forecastFull(samples);
  const wrongs: [name: string, wrong: Partial<Sample>][] = [
    ['without free space', { usedBytes: size }],
    ['without use', { usedBytes: 0 }],
  ];

  test.each(wrongs)('%s, anywhere, changes next to nothing', (_, wrong) => {
    for (const place of [0, 2000, samples.length - 100, samples.length - 1]) {
      const spoilt = samples.map((sample, index) => (index === place ? { ...sample, ...wrong } : sample));
      const left = daysLeft(forecastFull(spoilt, { sizeBytes: size }));
      expect(Math.abs(left - daysLeft(whole)), `at ${place}`).toBeLessThan(1.1);
    }
  });

  test.each(wrongs)('%s, of a flat line is no forecast', (_, wrong) => {
    const flat = history(10, () => 60);
    const spoilt = flat.map((sample, index) =>
      index === flat.length - 1 ? { ...sample, ...wrong } : sample,
    );
    expect(forecastFull(spoilt, { sizeBytes: size })).toBeNull();
  });
});
