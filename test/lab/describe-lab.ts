// A `describe` for tests that boot servers. Where a lab cannot run they are skipped, and counted as skipped; with CI=true
// one failing test says instead what is lacking, since nobody reads the number of skipped tests there.
import { describe, test } from 'vitest';
import { missingForLab } from './requirements.ts';

/** Declares a suite like vitest's `describe`; its title says why when it is skipped. */
export function describeLab(name: string, body: () => void): void {
  const missing = missingForLab();
  const fate = fateOfLabTests(missing, process.env);
  if (fate === 'run') describe(name, body);
  if (fate === 'skip') describe.skip(`${name} (${missing})`, body);
  if (fate === 'fail') {
    describe(name, () => {
      test('a lab can run here', () => {
        throw new Error(`${missing}`);
      });
    });
  }
}

/** What is to be done with a test that needs a lab, given what is lacking for one and the environment. */
export function fateOfLabTests(
  missing: string | null,
  environment: Record<string, string | undefined>,
): 'run' | 'skip' | 'fail' {
  if (missing === null) return 'run';
  return environment.CI === 'true' ? 'fail' : 'skip';
}
