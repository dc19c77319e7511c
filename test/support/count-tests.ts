// Turns vitest's report into the numbers of the last line. Everything that is not plainly a passed test weighs as a
// failure: a file that could not be loaded, a hook that failed, an unhandled error, a run that tested nothing.
import type { JsonTestResults } from 'vitest/node';

export type Counts = { passed: number; failed: number; skipped: number };

/** How vitest ended: its exit code (null when a signal ended it), and its report (null when it left none). */
export type VitestRun = { exitCode: number | null; report: Pick<JsonTestResults, 'testResults'> | null };

/** The counts of one run of vitest. With `isStrict`, a test of the lab that was skipped counts as failed. */
export function countTests({ exitCode, report }: VitestRun, isStrict: boolean): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    const outcomes = file.assertionResults.map(({ status }) => outcomeOf(status));
    const mustRun = isStrict && /\/test\/lab\//.test(file.name);
    for (const outcome of outcomes) counts[outcome === 'skipped' && mustRun ? 'failed' : outcome] += 1;
    if (file.status === 'failed' && !outcomes.includes('failed')) counts.failed += 1;
  }
  const isEmpty = counts.passed + counts.failed + counts.skipped === 0;
  if (counts.failed === 0 && (exitCode !== 0 || isEmpty)) counts.failed = 1;
  return counts;
}

/** The sum of several counts. */
export function addCounts(all: Counts[]): Counts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) {
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  return sum;
}

/** "3 passed, 1 failed", and ", 2 skipped" when there are any. */
export function describeCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function outcomeOf(status: string): keyof Counts {
  if (status === 'passed') return 'passed';
  return status === 'failed' ? 'failed' : 'skipped';
}
