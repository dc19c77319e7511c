// A plan: an immutable list of steps for one goal, with its reasons and its preview. What happens to it afterwards
// is a PlanRecord beside it; the plan itself never changes, so its hash is what was previewed and approved.
import { type Static, Type } from 'typebox';
import { AbsolutePath, PlanId, ServerName, VolumeId, VolumeName } from './names.ts';
import { Nullable, OneOf } from './schema.ts';
import { Step } from './step.ts';

const Milliseconds = Type.Integer({ minimum: 0 });

/** A slot that was looked at: chosen, possible but not needed, or refused with its reason. */
export const Candidate = Type.Object({
  server: ServerName,
  slot: AbsolutePath,
  verdict: Type.Union([Type.Literal('chosen'), Type.Literal('possible'), Type.Literal('refused')]),
  /** One sentence: why chosen, why not. */
  reason: Type.String(),
  /** How full its filesystem is expected to become with the brick on it, which is what is compared; null where none may be. */
  expectedFillPercent: Nullable(Type.Number({ minimum: 0 })),
  freeBytes: Nullable(Type.Integer({ minimum: 0 })),
  sizeBytes: Nullable(Type.Integer({ minimum: 0 })),
});
export type Candidate = Static<typeof Candidate>;

/** The space of a volume, in bytes that files can use: a subvolume counts as its smallest member × its data bricks. */
export const Space = Type.Object({
  subvolumes: Type.Integer({ minimum: 0 }),
  bricks: Type.Integer({ minimum: 0 }),
  sizeBytes: Type.Integer({ minimum: 0 }),
  freeBytes: Type.Integer({ minimum: 0 }),
});
export type Space = Static<typeof Space>;

const Change = Type.Object({ before: Type.Integer({ minimum: 0 }), after: Type.Integer({ minimum: 0 }) });

export const Plan = Type.Object({
  id: PlanId,
  goal: Type.Object({ kind: Type.Literal('grow'), volume: VolumeName, volumeId: VolumeId }),
  writtenAt: Milliseconds,
  /** SHA-256 over goal and steps: the same steps for the same goal, the same hash. */
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  steps: Type.Array(Step, { minItems: 1, maxItems: 2000 }),
  /** Why: the trigger, the size, the choice; one sentence each. */
  reasons: Type.Array(Type.String()),
  candidates: Type.Array(Candidate),
  before: Space,
  after: Space,
  /** How many different sets of servers hold subvolumes: the fewer, the fewer ways to lose data. */
  copysets: Change,
  /** On how many other servers the copies of one server's data lie, at most: the more, the faster a heal. */
  scatterWidth: Change,
});
export type Plan = Static<typeof Plan>;

export const planStatuses = ['proposed', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;
export type PlanStatus = (typeof planStatuses)[number];

/** Whether a plan of that status has begun and not ended. A paused one has: its last order may still be under way. */
export function isUnderWay(status: PlanStatus): boolean {
  return status === 'running' || status === 'paused';
}

/** How far one step is. `ordered` and not `running`: the coordinator knows only what it sent and what it saw. */
export const StepProgress = Type.Object({
  status: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('ordered'),
    Type.Literal('done'),
    Type.Literal('failed'),
  ]),
  attempts: Type.Integer({ minimum: 0 }),
  orderId: Nullable(Type.String()),
  orderedAt: Nullable(Milliseconds),
  deadline: Nullable(Milliseconds),
  /** Not before this time is the step ordered again. */
  retryAt: Nullable(Milliseconds),
  endedAt: Nullable(Milliseconds),
  message: Nullable(Type.String()),
});
export type StepProgress = Static<typeof StepProgress>;

export const PlanRecord = Type.Object({
  plan: Plan,
  status: OneOf(planStatuses),
  /** Who let it run: `policy` in auto mode, or the person that approved it. */
  approvedBy: Nullable(Type.String()),
  startedAt: Nullable(Milliseconds),
  endedAt: Nullable(Milliseconds),
  /** When it was last let go on after a pause; missing or null when it never was. */
  resumedAt: Type.Optional(Nullable(Milliseconds)),
  /** Why it ended as it did, or who paused it, when that is not plain from the steps. */
  message: Nullable(Type.String()),
  steps: Type.Array(StepProgress),
});
export type PlanRecord = Static<typeof PlanRecord>;
