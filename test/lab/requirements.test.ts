// What the lab says where it cannot run, and what becomes of its tests there. Needs no root.
import { describe, expect, test } from 'vitest';
import { fateOfLabTests } from './describe-lab.ts';
import { missingForLab } from './requirements.ts';

describe('what is missing for a lab', () => {
  test.each([
    ['not Linux', { platform: 'darwin', uid: 0 }, 'the lab needs Linux, and this is darwin'],
    ['not root', { platform: 'linux', uid: 65534 }, 'the lab needs root, and this runs as user 65534'],
  ])('is one sentence when this is %s', (_, asker, sentence) => {
    expect(missingForLab(asker)).toBe(sentence);
  });
});

describe('a test that needs a lab', () => {
  test.each([
    ['runs where a lab can run', null, {}, 'run'],
    ['runs where a lab can run, in CI too', null, { CI: 'true' }, 'run'],
    ['is skipped where it cannot', 'no root', {}, 'skip'],
    ['is skipped where CI is set to something else', 'no root', { CI: 'false' }, 'skip'],
    ['fails where it cannot, in CI', 'no root', { CI: 'true' }, 'fail'],
  ] as const)('%s', (_, missing, environment, fate) => {
    expect(fateOfLabTests(missing, environment)).toBe(fate);
  });
});
