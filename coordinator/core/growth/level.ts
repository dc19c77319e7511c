// The trigger: the fullest subvolume against the policy's level. Never the volume's sum, because one full subvolume
// already fails writes and mkdir while `df` on the mount still shows space.
//
// What is not known, or known only from a server that has fallen silent, neither starts the crossing nor ends it: space
// does not come back because somebody cannot see it. It only keeps anybody from acting meanwhile.
import type { Policy } from '../../../shared/model/policy.ts';
import { brickSpec, type ClusterVolume, type Subvolume } from '../cluster.ts';
import { inPercent, listed } from '../wording.ts';

export type Level =
  | { readonly kind: 'unknown'; readonly sentence: string }
  | { readonly kind: 'above' | 'below'; readonly fullest: Subvolume };

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
  return { kind: fullest.freePercent < policy.level.freePercent ? 'below' : 'above', fullest };
}

/** Since when the level has been crossed (ms since 1970), from what was known before; null when it is not crossed. */
export function trackCrossing(since: number | null, level: Level, now: number): number | null {
  switch (level.kind) {
    case 'unknown':
      return since;
    case 'above':
      return null;
    case 'below':
      // A time in the future is a clock that was set back: start again rather than hold for as long as it was ahead.
      return since === null || since > now ? now : since;
  }
}

/** `12.3 % free in subvolume 2 (gluster1:/bricks/b1/vol1-2 and 2 more)`. Subvolumes are counted from 1 for people. */
export function describeFullest(fullest: Subvolume): string {
  const bricks = listed(
    fullest.bricks.map((member) => brickSpec(member.brick)),
    3,
  );
  return `${inPercent(fullest.freePercent ?? 0)} free in subvolume ${fullest.index + 1} (${bricks})`;
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
