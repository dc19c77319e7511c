// When a maintenance window is open, and when it opens next. 2026-11-21 is a Saturday.
import { expect, test } from 'vitest';
import { nextOpening } from '../../../shared/model/window.ts';

const at = (text: string): number => Date.parse(`2026-11-${text}:00Z`);
const nights = { days: ['fri', 'sat'], from: '22:00', to: '04:00' } as const;
const mornings = { days: ['mon', 'wed'], from: '08:00', to: '12:30' } as const;

test.each<[string, { days: readonly string[]; from: string; to: string }, string, string | null]>([
  ['before it opens on its day', nights, '21T21:59', '21T22:00'],
  ['as it opens', nights, '21T22:00', null],
  ['after midnight, in the night that began on its day', nights, '22T03:59', null],
  ['as it closes', nights, '22T04:00', '27T22:00'],
  ['after midnight of a day before its first', nights, '20T01:00', '20T22:00'],
  ['on a day that is not its', mornings, '21T10:00', '23T08:00'],
  ['within the hours of its day', mornings, '23T12:29', null],
  ['after the hours of its last day of the week', mornings, '25T12:30', '30T08:00'],
])('%s', (_, window, now, opensAt) => {
  const found = nextOpening(window as Parameters<typeof nextOpening>[0], at(now));
  expect(found).toBe(opensAt === null ? null : at(opensAt));
});
