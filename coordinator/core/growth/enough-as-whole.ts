// Whether a volume with one full subvolume has enough room on the others. More bricks take new files; they do not empty
// old bricks. So a volume that was grown would be grown again after each cooldown, up to its limit, if its fullest
// subvolume alone were asked.
import { formatDuration } from '../../../shared/lib/duration.ts';
import type { Space } from '../../../shared/model/plan.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { ClusterVolume } from '../cluster.ts';
import { inPercent } from '../wording.ts';
import { lasts, lastsForLeadTime } from './fill-rate.ts';
import { freeInodesPercentOf, type Level } from './level.ts';
import { freePercentOf } from './size-growth.ts';

/** Why the volume, which fills at `bytesPerDay`, has enough although `level` is crossed, as what follows "but"; null when it has not. */
export function whyEnoughAsWhole(
  volume: ClusterVolume,
  space: Space,
  policy: Policy,
  level: Extract<Level, { kind: 'below' }>,
  bytesPerDay: number | null,
): string | null {
  if (level.by === 'inodes') return whyEnoughInodes(volume, policy);
  if (!lastsForLeadTime(space, policy, bytesPerDay)) return null;
  if (level.by === 'forecast') {
    const time = lasts(space, bytesPerDay) ?? 0;
    return `the volume as a whole lasts ${formatDuration(time)}: more bricks would not empty that one, moving data would`;
  }
  // The level and not the target: the old subvolume stays below its level after a growth, so that the volume would grow
  // again as soon as it fell below the target (`npm run bench -- forecast`: four times the needless growths).
  if (freePercentOf(space) < policy.level.freePercent) return null;
  return `${inPercent(freePercentOf(space))} over all its subvolumes, not below the level of ${policy.level.freePercent} %: more bricks would not empty that one, moving data would`;
}

/** There is no target for inodes; twice the level is to the level as the default target is to its level. */
function whyEnoughInodes({ subvolumes }: ClusterVolume, policy: Policy): string | null {
  const shares = subvolumes.map(freeInodesPercentOf).filter((share) => share !== null);
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  const wanted = 2 * policy.level.freeInodesPercent;
  if (mean < wanted) return null;
  return `${inPercent(mean)} on average over all its subvolumes, at least twice the level: more bricks would not free inodes of that one, moving files would`;
}
