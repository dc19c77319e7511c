// The trigger: the fullest subvolume against the policy's level. Never the volume's sum, because one full subvolume
// already fails writes and mkdir while `df` on the mount still shows space.
//
// What is not known, or known only from a server that has fallen silent, neither starts the crossing nor ends it: space
// does not come back because somebody cannot see it. It only keeps anybody from acting meanwhile.
import { formatBytes } from '../../../shared/lib/bytes.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { brickSpec, type ClusterVolume, type Subvolume } from '../cluster.ts';
import { inPercent, listed } from '../wording.ts';

/** What was crossed. A forecast is crossed when the subvolume will be full within the policy's lead time. */
export type Trigger = 'percent' | 'bytes' | 'inodes' | 'forecast';

export type Level =
  | { readonly kind: 'unknown'; readonly sentence: string }
  | { readonly kind: 'above'; readonly fullest: Subvolume }
  | {
      readonly kind: 'below';
      /** The subvolume that crossed it: the fullest by what `by` counts. */
      readonly fullest: Subvolume;
      readonly by: Trigger;
      /** `12.3 % free in subvolume 2 (gluster1:/bricks/b1/vol1-2), below 20 %`. */
      readonly words: string;
    };

/** Where the volume's fullest subvolume stands against the policy's level; unknown names the first brick that is. */
export function judgeLevel(volume: ClusterVolume, policy: Policy): Level {
  for (const subvolume of volume.subvolumes) {
    const sentence = whyUnknown(subvolume);
    if (sentence !== null) return { kind: 'unknown', sentence };
  }
  const { fullest } = volume;
  if (fullest === null || fullest.freePercent === null) {
    return { kind: 'unknown', sentence: `${volume.volume.name} has no whole subvolume` };
  }
  const { freePercent } = policy.level;
  if (fullest.freePercent < freePercent) {
    const words = `${describeFullest(fullest)}, below ${freePercent} %`;
    return { kind: 'below', fullest, by: 'percent', words };
  }
  return belowBytes(volume, policy) ?? belowInodes(volume, policy) ?? { kind: 'above', fullest };
}

/** Whether the fullest subvolume is below the policy's emergency level; null when that is not known. */
export function isEmergency({ fullest }: ClusterVolume, level: Level, policy: Policy): boolean | null {
  if (level.kind === 'unknown' || fullest?.freePercent == null) return null;
  return fullest.freePercent < policy.emergency.freePercent;
}

/**
 * Since when something has been crossed (ms since 1970), from what was known before; null when it is not crossed.
 * `isCrossed` is null while that is not known.
 */
export function trackCrossing(since: number | null, isCrossed: boolean | null, now: number): number | null {
  if (isCrossed === null) return since;
  if (!isCrossed) return null;
  // A time in the future is a clock that was set back: start again rather than hold for as long as it was ahead.
  return since === null || since > now ? now : since;
}

/** `12.3 % free in subvolume 2 (gluster1:/bricks/b1/vol1-2 and 2 more)`. Subvolumes are counted from 1 for people. */
export function describeFullest(fullest: Subvolume): string {
  return `${inPercent(fullest.freePercent ?? 0)} free in ${describeSubvolume(fullest)}`;
}

/** `subvolume 2 (gluster1:/bricks/b1/vol1-2 and 2 more)`. */
export function describeSubvolume({ index, bricks }: Subvolume): string {
  const specs = bricks.map((member) => brickSpec(member.brick));
  return `subvolume ${index + 1} (${listed(specs, 3)})`;
}

function belowBytes({ subvolumes }: ClusterVolume, policy: Policy): Level | null {
  const least = policy.level.freeBytes;
  if (least === null) return null;
  const fullest = smallestBy(subvolumes, (subvolume) => subvolume.freeBytes);
  if (fullest?.freeBytes == null || fullest.freeBytes >= least) return null;
  const words = `${formatBytes(fullest.freeBytes)} free in ${describeSubvolume(fullest)}, below ${formatBytes(least)}`;
  return { kind: 'below', fullest, by: 'bytes', words };
}

function belowInodes({ subvolumes }: ClusterVolume, policy: Policy): Level | null {
  const least = policy.level.freeInodesPercent;
  const fullest = smallestBy(subvolumes, freeInodesPercentOf);
  const free = fullest === undefined ? null : freeInodesPercentOf(fullest);
  if (fullest === undefined || free === null || free >= least) return null;
  const words = `${inPercent(free)} of its inodes free in ${describeSubvolume(fullest)}, below ${least} %`;
  return { kind: 'below', fullest, by: 'inodes', words };
}

/**
 * The share of inodes that are free on the subvolume's worst brick, an arbiter counted: it has an inode for each file
 * too. Null where no filesystem has a fixed number of them.
 */
export function freeInodesPercentOf({ bricks }: Subvolume): number | null {
  const shares = bricks.flatMap(({ filesystem }) =>
    filesystem === null || filesystem.inodes === 0 ? [] : [(100 * filesystem.inodesFree) / filesystem.inodes],
  );
  return shares.length === 0 ? null : Math.min(...shares);
}

function smallestBy(
  subvolumes: readonly Subvolume[],
  amount: (subvolume: Subvolume) => number | null,
): Subvolume | undefined {
  return subvolumes
    .filter((subvolume) => amount(subvolume) !== null)
    .sort((a, b) => (amount(a) ?? 0) - (amount(b) ?? 0) || a.index - b.index)[0];
}

function whyUnknown(subvolume: Subvolume): string | null {
  const where = `the space of subvolume ${subvolume.index + 1} is not known`;
  for (const member of subvolume.bricks) {
    if (member.brick.isArbiter) continue;
    const spec = brickSpec(member.brick);
    if (member.server === null) return `${where}: no agent reports from the server of ${spec}`;
    if (!member.server.isFresh) return `${where}: ${member.server.name} is silent`;
    if (member.seen === null) return `${where}: ${member.server.name} does not report ${spec}`;
    if (member.sizeBytes === null) return `${where}: the filesystem of ${spec} is not seen mounted`;
  }
  return null;
}
