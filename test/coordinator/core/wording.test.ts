// The small change of sentences.
import { expect, test } from 'vitest';
import { atTime, counted, inPercent, listed } from '../../../coordinator/core/wording.ts';
import { morning } from '../../support/cluster-builder.ts';

test.each<[string, string, string]>([
  ['a percentage is rounded down', inPercent(19.99), '19.9 %'],
  ['a whole percentage has its decimal', inPercent(20), '20.0 %'],
  ['one is singular', counted(1, 'brick'), '1 brick'],
  ['more are plural', counted(2, 'brick'), '2 bricks'],
  ['a plural may be its own word', counted(0, 'entry', 'entries'), '0 entries'],
  ['nothing is listed as nothing', listed([]), ''],
  ['one is listed alone', listed(['a']), 'a'],
  ['two are joined by and', listed(['a', 'b']), 'a and b'],
  ['three have one comma', listed(['a', 'b', 'c']), 'a, b and c'],
  ['too many are cut', listed(['a', 'b', 'c', 'd'], 3), 'a, b and 2 more'],
  ['a moment is UTC', atTime(morning), '2026-11-21 10:00:00Z'],
])('%s', (_, text, expected) => {
  expect(text).toBe(expected);
});
