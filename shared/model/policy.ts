// What an operator allows Mortar to do for a volume. Strict: an unknown field is refused, because a misspelt limit
// would be no limit.
import { type Static, Type } from 'typebox';
import { Nullable, OneOf } from './schema.ts';

const Percent = Type.Number({ minimum: 0, maximum: 100 });
const strict = { additionalProperties: false } as const;

export const policyModes = ['off', 'plan', 'auto'] as const;

export const Policy = Type.Object(
  {
    /** off: only watch. plan: write a plan and wait for approval. auto: carry it out. */
    mode: OneOf(policyModes),
    /** Grow when the fullest subvolume has less free space than this. */
    level: Type.Object({ freePercent: Percent }, strict),
    /** Grow by as many subvolumes as bring the whole volume above this. */
    target: Type.Object({ freePercent: Percent }, strict),
    /** How long the level must stay crossed on fresh reports before anything is planned. */
    holdSeconds: Type.Integer({ minimum: 0, maximum: 604_800 }),
    /** How long after one growth (or a failed one) before the next. */
    cooldownSeconds: Type.Integer({ minimum: 0, maximum: 2_592_000 }),
    /** What is never exceeded; null is no limit. `auto` needs at least one of the first two. */
    limits: Type.Object(
      {
        maxBricks: Nullable(Type.Integer({ minimum: 1, maximum: 10_000 })),
        maxSizeBytes: Nullable(Type.Integer({ minimum: 1 })),
        maxGrowthsPerDay: Nullable(Type.Integer({ minimum: 0, maximum: 1000 })),
      },
      strict,
    ),
    /** layout: fix-layout after add-brick, without which existing directories do not use the new bricks. */
    rebalance: Type.Union([Type.Literal('none'), Type.Literal('layout')]),
  },
  strict,
);
export type Policy = Static<typeof Policy>;

/**
 * The policy of a volume for which nobody has set one. `plan`, because a tool that was just installed should propose
 * and not act. 20 % free: Gluster itself starts to place files on other bricks at cluster.min-free-disk 10 %, and one
 * full brick fails mkdir on the whole volume, so there must be time left to act.
 */
export const defaultPolicy: Policy = {
  mode: 'plan',
  level: { freePercent: 20 },
  target: { freePercent: 40 },
  holdSeconds: 300,
  cooldownSeconds: 3600,
  limits: { maxBricks: null, maxSizeBytes: null, maxGrowthsPerDay: 4 },
  rebalance: 'layout',
};

/** What is wrong with a policy that its schema cannot say, one sentence each; empty when nothing is. */
export function policyProblems(policy: Policy): string[] {
  const problems: string[] = [];
  if (policy.mode === 'auto' && policy.limits.maxBricks === null && policy.limits.maxSizeBytes === null) {
    problems.push('mode "auto" needs a limit: set limits.maxBricks or limits.maxSizeBytes');
  }
  if (policy.target.freePercent <= policy.level.freePercent) {
    problems.push(
      `target.freePercent (${policy.target.freePercent}) must be above level.freePercent (${policy.level.freePercent}), or each growth would call for the next`,
    );
  }
  return problems;
}
