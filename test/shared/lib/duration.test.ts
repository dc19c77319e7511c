// Durations as people write and read them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../shared/lib/duration.ts';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

const written = [
  [0, '0 ms'],
  [450.4, '450 ms'],
  [999.6, '1 s'],
  [4200, '4.2 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [59_700, '1 m'],
  [3 * minute + 20 * second, '3 m 20 s'],
  [hour, '1 h'],
  [hour - 1, '1 h'],
  [2 * hour + 5 * minute + 29 * second, '2 h 5 m'],
  [day - 1, '1 d'],
  [3 * day + 4 * hour, '3 d 4 h'],
  [400 * day, '400 d'],
  [-90 * second, '-1 m 30 s'],
] as const;
test.each(written)('%d ms are written "%s"', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

const read = [
  ['90s', 90 * second],
  ['1h 30m', hour + 30 * minute],
  ['2 d', 2 * day],
  ['500ms', 500],
  ['1.5h', 90 * minute],
  ['1m30s', minute + 30 * second],
  [' 5 m ', 5 * minute],
] as const;
test.each(read)('"%s" is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', ' ', '90', '1w', '-1h', '1h x', 'x 1h', '1h,30m', '1e9d', '999999999999999d'])(
  '"%s" is no duration',
  (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  },
);

test('what one writes the other reads, to within the smaller unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 * day }), (ms) => {
      expect(Math.abs(parseDuration(formatDuration(ms)) - ms)).toBeLessThanOrEqual(Math.max(0.5, ms * 0.05));
    }),
  );
});
