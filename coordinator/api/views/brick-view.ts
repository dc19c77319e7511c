// A brick as the API shows it, PURE: where it belongs in its volume, and what its own server says of it.
import { type Static, Type } from 'typebox';
import { Brick } from '../../../shared/model/brick.ts';
import { ServerName, VolumeName } from '../../../shared/model/names.ts';
import { Nullable } from '../../../shared/model/schema.ts';
import { VolumeBrick } from '../../../shared/model/volume.ts';
import type { ClusterBrick, ClusterVolume, Subvolume } from '../../core/cluster.ts';
import { Amount, Count } from './page.ts';

const { pid, port, mountPoint, hasVolumeId, pendingHeals } = Brick.properties;
const { host, path, isArbiter } = VolumeBrick.properties;

export const BrickView = Type.Object({
  volume: VolumeName,
  /** Index of the subvolume, from 0. */
  subvolume: Count,
  host,
  path,
  isArbiter,
  /** The server by its report; null when no agent reports as the brick's peer. */
  server: Nullable(ServerName),
  /** Whether what its server says is young enough to act on. */
  isFresh: Type.Boolean(),
  isUp: Nullable(Type.Boolean()),
  pid,
  port,
  mountPoint,
  hasVolumeId,
  pendingHeals,
  sizeBytes: Amount,
  freeBytes: Amount,
  inodesFree: Amount,
});
export type BrickView = Static<typeof BrickView>;

/** Every brick of a volume, in Gluster's order. */
export function viewBricks(volume: ClusterVolume): BrickView[] {
  return volume.subvolumes.flatMap((subvolume) => viewBricksOf(volume, subvolume));
}

/** The bricks of one subvolume, in Gluster's order. */
export function viewBricksOf({ volume }: ClusterVolume, subvolume: Subvolume): BrickView[] {
  return subvolume.bricks.map((brick) => ({
    volume: volume.name,
    subvolume: subvolume.index,
    ...viewBrick(brick),
  }));
}

function viewBrick({ brick, server, seen, isUp, sizeBytes, freeBytes, inodesFree }: ClusterBrick) {
  return {
    host: brick.host,
    path: brick.path,
    isArbiter: brick.isArbiter,
    server: server?.name ?? null,
    isFresh: server?.isFresh ?? false,
    isUp,
    pid: seen?.pid ?? null,
    port: seen?.port ?? null,
    mountPoint: seen?.mountPoint ?? null,
    hasVolumeId: seen?.hasVolumeId ?? null,
    pendingHeals: seen?.pendingHeals ?? null,
    sizeBytes,
    freeBytes,
    inodesFree,
  };
}
