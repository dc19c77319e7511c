// How many whole subvolumes a growth adds: as many as bring the volume's free space to the policy's target and make it
// last for the lead time of its forecast, at least one, and no more than the limits and the slots allow.
import { formatBytes } from '../../../shared/lib/bytes.ts';
import type { Space } from '../../../shared/model/plan.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { ClusterVolume } from '../cluster.ts';
import { shapeOf } from '../placement/brick-set.ts';
import { type Placement, placeSubvolumes } from '../placement/place-bricks.ts';
import type { PlacementInput } from '../placement/want.ts';
import { atTime, counted } from '../wording.ts';
import { lastsForLeadTime } from './fill-rate.ts';
import { dayMs } from './past-growths.ts';

/** Most bricks in one plan: an order of 640 bricks stays well within the 256 KiB that one may have, and what is missing comes with the next. */
const mostBricks = 640;

export interface GrowthSize {
  readonly placement: Placement;
  /** Limits that allow less than the target asks for, or nothing; one sentence each. */
  readonly limits: readonly string[];
  /** When a limit that depends on the time lets go (ms since 1970); null when none does. */
  readonly limitEndsAt: number | null;
}

/**
 * Sizes and places the growth of `input.volume`, whose space before is `before`; `starts` are the times of its growths
 * within the last 24 hours, `bytesPerDay` what it fills by. A placement without sets means: no growth, because of `limits` or of what is missing.
 */
export function sizeGrowth(
  input: PlacementInput & {
    before: Space;
    policy: Policy;
    starts: readonly number[];
    bytesPerDay: number | null;
  },
): GrowthSize {
  const { volume, before, policy, starts, bytesPerDay } = input;
  const isEnough = (space: Space): boolean =>
    hasTarget(space, policy) && lastsForLeadTime(space, policy, bytesPerDay);
  const daily = judgeGrowthsPerDay(volume, policy, starts);
  const { members } = shapeOf(volume.volume);
  const mostByBricks = daily === null ? countWithinBricks(volume, policy) : 0;
  let placement = placeSubvolumes({
    ...input,
    count: Math.min(mostByBricks, Math.max(1, Math.floor(mostBricks / members))),
    isEnough: (sets) => isEnough(spaceAfter(before, members, sets)),
  });
  const wanted = placement.sets.length;
  while (placement.sets.length > 0 && exceedsSize(spaceAfter(before, members, placement.sets), policy)) {
    placement = placeSubvolumes({ ...input, count: placement.sets.length - 1 });
  }
  const limits = daily === null ? [] : [daily.sentence];
  const after = spaceAfter(before, members, placement.sets);
  const isShort = placement.sets.length === 0 || !isEnough(after);
  if (daily === null && placement.sets.length === mostByBricks && isShort) {
    limits.push(brickLimit(volume, policy));
  }
  if (placement.sets.length < wanted) limits.push(sizeLimit(volume, before, policy));
  return { placement, limits, limitEndsAt: daily?.endsAt ?? null };
}

/** The space that a volume of `before` will have with new subvolumes of `bricksPerSet` bricks. */
export function spaceAfter(
  before: Space,
  bricksPerSet: number,
  sets: readonly { readonly sizeBytes: number; readonly freeBytes: number }[],
): Space {
  return {
    subvolumes: before.subvolumes + sets.length,
    bricks: before.bricks + sets.length * bricksPerSet,
    sizeBytes: sets.reduce((sum, set) => sum + set.sizeBytes, before.sizeBytes),
    freeBytes: sets.reduce((sum, set) => sum + set.freeBytes, before.freeBytes),
  };
}

/** Free space in percent; 0 of a volume without any size. */
export function freePercentOf(space: Space): number {
  return space.sizeBytes === 0 ? 0 : (100 * space.freeBytes) / space.sizeBytes;
}

/** Whether the space reaches the policy's target. */
export function hasTarget(space: Space, policy: Policy): boolean {
  return freePercentOf(space) >= policy.target.freePercent;
}

function judgeGrowthsPerDay(
  { volume }: ClusterVolume,
  policy: Policy,
  starts: readonly number[],
): { sentence: string; endsAt: number | null } | null {
  const most = policy.limits.maxGrowthsPerDay;
  if (most === null || starts.length < most) return null;
  if (most === 0) return { sentence: `limits.maxGrowthsPerDay of ${volume.name} is 0`, endsAt: null };
  const endsAt = (starts.at(-most) ?? 0) + dayMs;
  return {
    sentence: `${volume.name} was grown ${counted(starts.length, 'time')} within 24 hours, and limits.maxGrowthsPerDay is ${most}; the next may start at ${atTime(endsAt)}`,
    endsAt,
  };
}

function countWithinBricks({ volume }: ClusterVolume, policy: Policy): number {
  const most = policy.limits.maxBricks;
  if (most === null) return Number.MAX_SAFE_INTEGER;
  return Math.max(0, Math.floor((most - volume.bricks.length) / shapeOf(volume).members));
}

function exceedsSize(space: Space, policy: Policy): boolean {
  const most = policy.limits.maxSizeBytes;
  return most !== null && space.sizeBytes > most;
}

function brickLimit({ volume }: ClusterVolume, policy: Policy): string {
  const members = shapeOf(volume).members;
  return `${volume.name} has ${counted(volume.bricks.length, 'brick')} and grows by ${members} at a time, and limits.maxBricks is ${policy.limits.maxBricks}`;
}

function sizeLimit({ volume }: ClusterVolume, before: Space, policy: Policy): string {
  return `${volume.name} has ${formatBytes(before.sizeBytes)}, and limits.maxSizeBytes is ${formatBytes(policy.limits.maxSizeBytes ?? 0)}`;
}
