// What a policy may say: a misspelt limit would be no limit.
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { completePolicy, defaultPolicy, Policy, policyProblems } from '../../../shared/model/policy.ts';

const auto: Policy = { ...defaultPolicy, mode: 'auto', limits: { ...defaultPolicy.limits, maxBricks: 12 } };

describe('policyProblems', () => {
  test('the default policy has none, and lets nothing happen without approval', () => {
    expect(Value.Check(Policy, defaultPolicy)).toBe(true);
    expect(policyProblems(defaultPolicy)).toEqual([]);
    expect(defaultPolicy.mode).toBe('plan');
  });

  const cases: [string, Policy, RegExp[]][] = [
    ['auto with a number of bricks', auto, []],
    ['auto with a size', { ...auto, limits: { ...auto.limits, maxBricks: null, maxSizeBytes: 1 } }, []],
    [
      'auto without a limit',
      { ...auto, limits: { ...auto.limits, maxBricks: null } },
      [/"auto" needs a limit/],
    ],
    [
      'auto with a limit on growths alone',
      { ...auto, limits: { maxBricks: null, maxSizeBytes: null, maxGrowthsPerDay: 1 } },
      [/"auto" needs a limit/],
    ],
    [
      'a target at the level',
      { ...auto, target: { freePercent: 20 } },
      [/target\.freePercent \(20\) must be above/],
    ],
    [
      'both mistakes',
      { ...auto, limits: { ...auto.limits, maxBricks: null }, target: { freePercent: 1 } },
      [/needs a limit/, /must be above level\.freePercent \(20\)/],
    ],
    ['off without a limit', { ...defaultPolicy, mode: 'off' }, []],
  ];
  test.each(cases)('%s', (_, policy, problems) => {
    expect(policyProblems(policy)).toEqual(problems.map((problem) => expect.stringMatching(problem)));
  });
});

describe('the schema of a policy', () => {
  const wrong: [string, object][] = [
    ['an unknown field', { ...auto, maxBricks: 3 }],
    ['an unknown limit', { ...auto, limits: { ...auto.limits, maxBrick: 3 } }],
    ['a missing limit', { ...auto, limits: { maxBricks: 3 } }],
    ['a mode that is none', { ...auto, mode: 'on' }],
    ['more than all of it free', { ...auto, level: { freePercent: 101 } }],
    ['a negative hold', { ...auto, holdSeconds: -1 }],
    ['half a brick', { ...auto, limits: { ...auto.limits, maxBricks: 1.5 } }],
    ['a number as text', { ...auto, holdSeconds: '300' }],
  ];
  test.each(wrong)('%s does not fit', (_, policy) => {
    expect(Value.Check(Policy, policy)).toBe(false);
  });
});

describe('a policy that was stored before a field was known', () => {
  const older = {
    mode: 'auto',
    level: { freePercent: 15 },
    target: { freePercent: 30 },
    holdSeconds: 0,
    cooldownSeconds: 60,
    limits: { maxBricks: 12, maxSizeBytes: null, maxGrowthsPerDay: 4 },
    rebalance: 'none',
  };

  test('is read with the default of that field, and keeps what it said', () => {
    const read = completePolicy(older);
    expect(Value.Check(Policy, read)).toBe(true);
    expect(read).toEqual({
      ...defaultPolicy,
      ...older,
      level: { ...defaultPolicy.level, freePercent: 15 },
    });
  });

  test.each<[string, unknown]>([
    ['a field that nobody knows', { ...older, maxBrick: 3 }],
    ['a part that is not one', { ...older, level: 15 }],
    ['nothing', null],
  ])('%s is still refused', (_, stored) => {
    expect(Value.Check(Policy, completePolicy(stored))).toBe(false);
  });
});
