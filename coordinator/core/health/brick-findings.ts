// Findings about bricks: the process is down, or the disk under it is not there. Asked of the brick's own server only.
import type { Finding } from '../../../shared/model/finding.ts';
import { brickSpec, bricksOf, type Cluster, type ClusterBrick, type ClusterVolume } from '../cluster.ts';
import { makeFinding } from './make-finding.ts';

/** The findings about the bricks of all volumes, as far as their servers are heard. */
export function brickFindings(cluster: Cluster): Finding[] {
  return cluster.volumes.flatMap((volume) =>
    bricksOf(volume)
      .filter((member) => member.server?.isFresh === true)
      .flatMap((member) => [...findDown(volume, member), ...findUnmounted(volume, member)]),
  );
}

function findDown({ volume }: ClusterVolume, member: ClusterBrick): Finding[] {
  // The bricks of a volume that was stopped, or never started, are down because they should be.
  if (volume.status !== 'started' || member.isUp !== false) return [];
  const spec = brickSpec(member.brick);
  return [makeFinding('brick-down', spec, `the brick ${spec} of ${volume.name} is down`)];
}

function findUnmounted({ volume }: ClusterVolume, { brick, seen, server }: ClusterBrick): Finding[] {
  if (seen === null) return [];
  const spec = brickSpec(brick);
  const mounted = server?.filesystems.find((filesystem) => filesystem.mountPoint === seen.mountPoint);
  const finding = (why: string): Finding[] => [
    makeFinding(
      'brick-unmounted',
      spec,
      `the disk of the brick ${spec} of ${volume.name} is not mounted: ${why}`,
    ),
  ];
  if (seen.mountPoint === null) return finding('its path cannot be reached');
  if (seen.hasVolumeId === false) return finding("what lies at its path does not carry the volume's mark");
  if (mounted?.isRoot === true && seen.hasVolumeId !== true)
    return finding('its path is on the root filesystem');
  return [];
}
