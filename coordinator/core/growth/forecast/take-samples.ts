// One look at every subvolume of a cluster. What is not known, or known from a silent server only, gives no sample: a gap
// is nothing to the forecast, and a zero would be a deletion or a full disk.
import { bricksOf, type Cluster, type Subvolume } from '../../cluster.ts';
import { type SubvolumeKey, subvolumeKey } from './forecast-subvolume.ts';
import type { Sample } from './sample.ts';

/** Subvolumes that get a history; far more than a pool has, so that invented volumes cannot fill the memory. */
const mostSubvolumes = 20_000;

/** A sample of each subvolume whose space is known now from fresh servers. */
export function takeSamples({ volumes, now }: Cluster): { key: SubvolumeKey; sample: Sample }[] {
  return volumes
    .filter((volume) => bricksOf(volume).length > 0)
    .flatMap(({ volume, subvolumes }) =>
      subvolumes.flatMap((subvolume) => {
        const sample = sampleOf(subvolume, now);
        return sample === null ? [] : [{ key: subvolumeKey(volume.id, subvolume), sample }];
      }),
    )
    .slice(0, mostSubvolumes);
}

function sampleOf({ bricks, sizeBytes, freeBytes }: Subvolume, at: number): Sample | null {
  if (sizeBytes === null || freeBytes === null) return null;
  if (bricks.some(({ brick, server }) => !brick.isArbiter && server?.isFresh !== true)) return null;
  // The size comes with a report and the free bytes with each beat: just after a disk has grown, more seems to be free than is there.
  if (sizeBytes <= 0 || freeBytes > sizeBytes) return null;
  return { at, usedBytes: sizeBytes - freeBytes, sizeBytes };
}
