// Writes a growth down as steps that leave no choice to whoever carries them out: first every brick directory, then one
// add-brick with all sets, then fix-layout or rebalance. A crash between any two leaves either empty directories, which the next plan
// steps around, or a volume that is larger already and only lacks the layout of its old directories.
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import { compareText } from '../../../shared/lib/compare-text.ts';
import { sha256Hex } from '../../../shared/lib/hash.ts';
import type { PlanId, ServerName } from '../../../shared/model/names.ts';
import type { Candidate, Plan, Space } from '../../../shared/model/plan.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Step } from '../../../shared/model/step.ts';
import type { ClusterVolume } from '../cluster.ts';
import { rebalanceAfterGrowth } from '../growth/rebalance-choice.ts';
import type { BrickSet } from '../placement/brick-set.ts';
import { utcDigits } from '../utc-digits.ts';
import { serversOf } from '../view-volumes.ts';

/** What a plan is written from; `sets` holds at least one subvolume, `taken` the ids that other plans have. */
export interface PlanDraft {
  readonly volume: ClusterVolume;
  readonly policy: Policy;
  readonly sets: readonly BrickSet[];
  readonly reasons: readonly string[];
  readonly candidates: readonly Candidate[];
  readonly before: Space;
  readonly after: Space;
  readonly copysets: Plan['copysets'];
  readonly scatterWidth: Plan['scatterWidth'];
  readonly taken: { has(id: PlanId): boolean };
}

/** The plan for growing `draft.volume` by `draft.sets`, dated `now` (ms since 1970). */
export function writePlan(draft: PlanDraft, now: number): Plan {
  return writeSteps(draft, stepsOf(draft), now);
}

/** A plan of these steps, whose reasons and space `draft` has. */
export function writeSteps(draft: Omit<PlanDraft, 'policy' | 'sets'>, steps: Step[], now: number): Plan {
  const { volume } = draft.volume;
  const goal = { kind: 'grow', volume: volume.name, volumeId: volume.id } as const;
  return {
    id: freeId(`grow-${volume.name}-${timestamp(now)}`, draft.taken),
    goal,
    writtenAt: now,
    hash: hashPlan({ goal, steps }),
    steps,
    reasons: [...draft.reasons],
    candidates: [...draft.candidates],
    before: draft.before,
    after: draft.after,
    copysets: draft.copysets,
    scatterWidth: draft.scatterWidth,
  };
}

/** SHA-256 in hex over what a plan does: its goal and its steps. When and why it was written is not part of it. */
export function hashPlan({ goal, steps }: Pick<Plan, 'goal' | 'steps'>): string {
  return sha256Hex(canonicalJson({ goal, steps }));
}

function stepsOf({ volume, policy, sets }: PlanDraft): Step[] {
  const bricks = sets.flatMap((set) => set.bricks);
  const server = firstFreshServer(volume) ?? bricks.map((brick) => brick.server).sort(compareText)[0];
  if (server === undefined) return [];
  const { name, id, rebalance } = volume.volume;
  const steps: Step[] = bricks.map((brick) => ({
    kind: 'make-brick-directory',
    server: brick.server,
    mountPoint: brick.slot.slot.mountPoint,
    path: brick.path,
  }));
  steps.push({
    kind: 'add-brick',
    server,
    volume: name,
    volumeId: id,
    brickCountBefore: volume.volume.bricks.length,
    bricks: bricks.map((brick) => ({ host: brick.server, path: brick.path })),
  });
  const kind = rebalanceAfterGrowth(policy, volume);
  if (kind !== null) {
    steps.push({ kind, server, volume: name, volumeId: id, taskIdBefore: rebalance.taskId });
  }
  return steps;
}

function firstFreshServer(volume: ClusterVolume): ServerName | undefined {
  return serversOf(volume).find((server) => server.isFresh)?.name;
}

/** `20261121t104500z`: UTC, in the letters that a plan's id may have. */
function timestamp(now: number): string {
  const digits = utcDigits(now);
  return `${digits.slice(0, 8)}t${digits.slice(8)}z`;
}

/** `id`, or where another plan of the same second has it, `id-2`, `id-3`, … */
function freeId(id: string, taken: { has(id: PlanId): boolean }): PlanId {
  let candidate = id as PlanId;
  for (let n = 2; taken.has(candidate); n += 1) candidate = `${id}-${n}` as PlanId;
  return candidate;
}
