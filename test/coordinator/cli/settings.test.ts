// Settings as people type them.
import { describe, expect, test } from 'vitest';
import { applySettings, settingsOf } from '../../../coordinator/cli/settings.ts';
import { defaultPolicy } from '../../../shared/model/policy.ts';

describe('a setting', () => {
  test.each([
    ['mode=auto', { mode: 'auto' }],
    ['level.freePercent=12.5', { level: { freePercent: 12.5 } }],
    ['holdSeconds=90', { holdSeconds: 90 }],
    ['holdSeconds=1h 30m', { holdSeconds: 5400 }],
    ['limits.maxBricks=none', { limits: { maxBricks: null } }],
    ['limits.maxSizeBytes=1.5TiB', { limits: { maxSizeBytes: 1.5 * 1024 ** 4 } }],
    ['limits.maxSizeBytes=4096', { limits: { maxSizeBytes: 4096 } }],
  ])('%s is made, and nothing else is changed', (setting, expected) => {
    const base = structuredClone(defaultPolicy);
    const changed = applySettings(base, [setting]);
    expect(changed).toMatchObject(expected);
    expect(base).toEqual(defaultPolicy);
    expect(settingsOf(changed as object).map(([key]) => key)).toEqual(
      settingsOf(defaultPolicy).map(([key]) => key),
    );
  });

  test.each([
    ['level=5', /there is no setting "level"/],
    ['level.freePercent.x=5', /there is no setting/],
    ['constructor=5', /there is no setting/],
    ['limits.maxSizeBytes=much', /"much" is no size/],
    ['holdSeconds=soon', /"soon" is no duration/],
    ['=5', /is no setting/],
  ])('%s is refused', (setting, message) => {
    expect(() => applySettings(defaultPolicy, [setting])).toThrow(message);
  });
});
