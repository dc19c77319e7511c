// The core's own calendar against the platform's.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utcDigits } from '../../../coordinator/core/utc-digits.ts';

const byPlatform = (time: number): string => new Date(time).toISOString().slice(0, 19).replaceAll(/\D/g, '');

test.each([
  ['the beginning', 0],
  ['the last moment of a year', Date.UTC(2026, 11, 31, 23, 59, 59, 999)],
  ['a leap day', Date.UTC(2028, 1, 29, 12, 0, 1)],
  ['the day after a leap day', Date.UTC(2028, 2, 1)],
  ['a leap day of a whole century', Date.UTC(2000, 1, 29)],
  ['a century without a leap day', Date.UTC(2100, 2, 1)],
])('%s has the digits that the platform gives it', (_, time) => {
  expect(utcDigits(time)).toBe(byPlatform(time));
});

test('every moment until the year 9999 has the digits that the platform gives it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (time) => {
      expect(utcDigits(time)).toBe(byPlatform(time));
    }),
  );
});
