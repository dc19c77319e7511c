// What an operator allows Mortar to do for a volume. Strict: an unknown field is refused, because a misspelt limit
// would be no limit. Each field's description says what it does and why its default is what it is; the table in the
// README is held against them by a test.
import { type Static, Type } from 'typebox';
import { Nullable, OneOf } from './schema.ts';
import { MaintenanceWindow } from './window.ts';

const strict = { additionalProperties: false } as const;
const percent = (description: string) => Type.Number({ minimum: 0, maximum: 100, description });
const seconds = (maximum: number, description: string) => Type.Integer({ minimum: 0, maximum, description });

export const policyModes = ['off', 'plan', 'auto'] as const;
export const rebalanceKinds = ['none', 'layout', 'data'] as const;

export const Policy = Type.Object(
  {
    mode: OneOf(policyModes, {
      description:
        '`off` only watches, `plan` writes a plan that waits for approval, `auto` carries it out. `plan`, because a tool that was just installed should propose and not act',
    }),
    level: Type.Object(
      {
        freePercent: percent(
          'Grow when the fullest subvolume has less space free than this. 20: Gluster places files elsewhere below 10 % (cluster.min-free-disk), and one full brick fails mkdir on the whole volume, so there must be time left',
        ),
        freeBytes: Nullable(
          Type.Integer({
            minimum: 1,
            description:
              'The same in bytes, whichever comes first. None: on disks of 20 TB, 20 % is days, on disks of 1 GB it is a moment, so only the operator knows a number',
          }),
        ),
        freeInodesPercent: percent(
          'The same for inodes, arbiters included; filesystems without a fixed number are not asked. 10: an arbiter and an ext4 brick full of small files run out of these first, and inodes move more slowly than bytes',
        ),
      },
      strict,
    ),
    forecast: Nullable(
      Type.Object(
        {
          leadTimeHours: Type.Number({
            exclusiveMinimum: 0,
            maximum: 8760,
            description:
              'Grow when the fullest subvolume will be full within this time, although the level is not crossed yet. 72: what is seen on a Friday evening can still be approved on Monday. `forecast=none` leaves the level alone to decide',
          }),
          minHistoryHours: Type.Number({
            minimum: 1,
            maximum: 8760,
            description:
              'No forecast is believed on less history than this. 24: a nightly clean-up has to be seen once before the day’s growth is taken for a trend',
          }),
        },
        strict,
      ),
    ),
    holdSeconds: seconds(
      604_800,
      'How long the level must stay crossed on fresh reports before anything is planned. 300, as AWS RDS does: one bad sample, or a large file that is deleted again, is no reason to grow',
    ),
    cooldownSeconds: seconds(
      2_592_000,
      'How long after one growth, also a failed one, before the next. 21600 (6 h), as AWS RDS does: the layout is fixed and new files have moved to the new bricks before anybody judges again; without it others grew to their limit within minutes',
    ),
    target: Type.Object(
      {
        freePercent: percent(
          'Grow by as many whole subvolumes as bring the volume above this. 40, twice the level: growths stay rare',
        ),
      },
      strict,
    ),
    emergency: Type.Object(
      {
        freePercent: percent(
          'Below this, the hold is cut to 10 s and one growth may start during the cooldown; 0 turns it off. 5: a fast fill inside the cooldown is the known hole of such rules, and writes begin to fail near 1 % (storage.reserve)',
        ),
      },
      strict,
    ),
    limits: Type.Object(
      {
        maxBricks: Nullable(
          Type.Integer({
            minimum: 1,
            maximum: 10_000,
            description:
              'Bricks that the volume never exceeds. `auto` needs this or maxSizeBytes; none otherwise, because a person looks at each plan',
          }),
        ),
        maxSizeBytes: Nullable(
          Type.Integer({ minimum: 1, description: 'The same as a size, in bytes that files can use' }),
        ),
        maxGrowthsPerDay: Nullable(
          Type.Integer({
            minimum: 0,
            maximum: 1000,
            description:
              'Growths started within 24 hours, failed ones counted; `auto` needs it. 4: as many as the cooldown allows, and a plan that fails again and again ends with the day',
          }),
        ),
      },
      strict,
    ),
    window: Nullable(MaintenanceWindow),
    rebalance: OneOf(rebalanceKinds, {
      description:
        'What follows add-brick. `layout`: existing directories do not use new bricks without a fix-layout, and it moves no data. `data` moves files as well: hours of load, so only where somebody asks for it, and never on Gluster 11.0, which loses data in it (#4148)',
    }),
  },
  strict,
);
export type Policy = Static<typeof Policy>;

/** The policy of a volume for which nobody has set one; the reasons are in the fields' descriptions. */
export const defaultPolicy: Policy = {
  mode: 'plan',
  level: { freePercent: 20, freeBytes: null, freeInodesPercent: 10 },
  forecast: { leadTimeHours: 72, minHistoryHours: 24 },
  holdSeconds: 300,
  cooldownSeconds: 21_600,
  target: { freePercent: 40 },
  emergency: { freePercent: 5 },
  limits: { maxBricks: null, maxSizeBytes: null, maxGrowthsPerDay: 4 },
  window: null,
  rebalance: 'layout',
};

/** What is wrong with a policy that its schema cannot say, one sentence each; empty when nothing is. */
export function policyProblems(policy: Policy): string[] {
  const { mode, level, target, emergency, limits } = policy;
  const problems: string[] = [];
  if (mode === 'auto' && limits.maxBricks === null && limits.maxSizeBytes === null) {
    problems.push('mode "auto" needs a limit: set limits.maxBricks or limits.maxSizeBytes');
  }
  if (mode === 'auto' && limits.maxGrowthsPerDay === null) {
    problems.push('mode "auto" needs a limit on how often it grows: set limits.maxGrowthsPerDay');
  }
  if (target.freePercent <= level.freePercent) {
    problems.push(
      `target.freePercent (${target.freePercent}) must be above level.freePercent (${level.freePercent}), or each growth would call for the next`,
    );
  }
  if (emergency.freePercent > 0 && emergency.freePercent >= level.freePercent) {
    problems.push(
      `emergency.freePercent (${emergency.freePercent}) must be below level.freePercent (${level.freePercent}), or every growth would be an emergency`,
    );
  }
  if (policy.window !== null && policy.window.from === policy.window.to) {
    problems.push(`window.from and window.to are both ${policy.window.from}: the window would never be open`);
  }
  return problems;
}

/**
 * A stored policy with the fields that it was written without: each takes the value of `defaults`. Anything else that
 * does not fit is left as it is, for the schema to refuse.
 */
export function completePolicy(stored: unknown, defaults: object = defaultPolicy): unknown {
  if (!isRecord(stored)) return stored;
  const missing = Object.entries(defaults).filter(([key]) => !Object.hasOwn(stored, key));
  const present = Object.entries(stored).map(([key, value]) => {
    const whole = (defaults as Record<string, unknown>)[key];
    return [key, isRecord(whole) ? completePolicy(value, whole) : value];
  });
  return { ...Object.fromEntries(missing), ...Object.fromEntries(present) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
