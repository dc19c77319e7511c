// Unknown is not absent: a section that failed is never an empty one.
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { Report } from '../../../shared/model/report.ts';
import { Section, seen } from '../../../shared/model/section.ts';
import { makeReport } from '../../support/make-report.ts';

const failed = {
  kind: 'failed',
  failedAt: 5,
  code: 'bad-output',
  message: 'truncated',
  lastSeenAt: 3,
} as const;

describe('a section', () => {
  test('a failed one has no value, an empty one has: unknown is not absent', () => {
    expect(seen(failed)).toBeNull();
    expect(seen({ kind: 'seen', seenAt: 1, value: [] })).toEqual([]);
  });

  const schema = Section(Type.Array(Type.Integer()));
  test.each([{ kind: 'seen', seenAt: 1, value: [2] }, failed, { ...failed, lastSeenAt: null }])(
    '%j fits',
    (section) => {
      expect(Value.Check(schema, section)).toBe(true);
    },
  );

  test.each([
    [],
    null,
    { kind: 'seen', seenAt: 1 },
    { kind: 'seen', seenAt: 1, value: null },
    { kind: 'seen', seenAt: -1, value: [] },
    { kind: 'failed', failedAt: 1, value: [] },
    { kind: 'guessed', seenAt: 1, value: [] },
  ])('%j does not fit', (section) => {
    expect(Value.Check(schema, section)).toBe(false);
  });
});

test('a report needs every section, also where its observer failed', () => {
  const report = makeReport();
  expect(Value.Check(Report, report)).toBe(true);
  for (const name of Object.keys(report.sections)) {
    const { [name as 'slots']: _, ...rest } = report.sections;
    expect(Value.Check(Report, { ...report, sections: rest }), name).toBe(false);
  }
});
