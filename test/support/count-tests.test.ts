// Each way in which a run can go wrong without a failed test has a row here.
import { expect, test } from 'vitest';
import { addCounts, countTests, describeCounts, type VitestRun } from './count-tests.ts';

type Report = NonNullable<VitestRun['report']>;

function file(name: string, statuses: string[], status = 'passed'): Report['testResults'][number] {
  return {
    name,
    status,
    assertionResults: statuses.map((each) => ({ status: each })),
  } as Report['testResults'][number];
}

const good = file('/x/test/a.test.ts', ['passed', 'passed']);
const skippedLab = file('/x/test/lab/b.test.ts', ['skipped', 'pending']);

const cases: {
  name: string;
  run: [number | null, Report['testResults'] | null, boolean?];
  counts: string;
}[] = [
  { name: 'tests that passed', run: [0, [good]], counts: '2 passed, 0 failed' },
  {
    name: 'a failed test counts once, with its file',
    run: [1, [good, file('/x/c.test.ts', ['passed', 'failed'], 'failed')]],
    counts: '3 passed, 1 failed',
  },
  {
    name: 'skipped and open tests are skipped',
    run: [0, [good, file('/x/c.test.ts', ['skipped', 'todo'])]],
    counts: '2 passed, 0 failed, 2 skipped',
  },
  {
    name: 'a file that could not be loaded is one failure',
    run: [1, [good, file('/x/c.test.ts', [], 'failed')]],
    counts: '2 passed, 1 failed',
  },
  {
    name: 'a hook that failed and so skipped its tests is one failure',
    run: [1, [file('/x/c.test.ts', ['skipped', 'skipped'], 'failed')]],
    counts: '0 passed, 1 failed, 2 skipped',
  },
  {
    name: 'an unhandled error beside passed tests is one failure',
    run: [1, [good]],
    counts: '2 passed, 1 failed',
  },
  { name: 'a vitest that a signal ended is one failure', run: [null, [good]], counts: '2 passed, 1 failed' },
  { name: 'a vitest that left no report is one failure', run: [0, null], counts: '0 passed, 1 failed' },
  { name: 'a run without a test is one failure', run: [0, []], counts: '0 passed, 1 failed' },
  {
    name: 'skipped tests of the lab are skipped',
    run: [0, [good, skippedLab]],
    counts: '2 passed, 0 failed, 2 skipped',
  },
  {
    name: 'skipped tests of the lab fail when strict',
    run: [0, [good, skippedLab], true],
    counts: '2 passed, 2 failed',
  },
  {
    name: 'other skipped tests stay skipped when strict',
    run: [0, [file('/x/test/a.test.ts', ['passed', 'skipped'])], true],
    counts: '1 passed, 0 failed, 1 skipped',
  },
];

test.each(cases)('$name', ({ run: [exitCode, testResults, isStrict = false], counts }) => {
  const report = testResults === null ? null : { testResults };
  expect(describeCounts(countTests({ exitCode, report }, isStrict))).toBe(counts);
});

test('counts add up', () => {
  const counts = { passed: 1, failed: 2, skipped: 3 };
  expect(addCounts([counts, counts])).toEqual({ passed: 2, failed: 4, skipped: 6 });
});
