// A volume as one server's glusterd knows it, and its shape: how many bricks make a subvolume, and which.
// The order of bricks is the shape: Gluster groups consecutive bricks into sets.
import { type Static, Type } from 'typebox';
import { AbsolutePath, PeerUuid, ServerName, VolumeId, VolumeName } from './names.ts';
import { Nullable, OneOf } from './schema.ts';

export const volumeKinds = ['distribute', 'replicate', 'arbiter', 'disperse'] as const;
export type VolumeKind = (typeof volumeKinds)[number];

export const rebalanceStatuses = [
  'not-started',
  'started',
  'stopped',
  'completed',
  'failed',
  'fix-layout-started',
  'fix-layout-stopped',
  'fix-layout-completed',
  'fix-layout-failed',
  'unknown',
] as const;
export type RebalanceStatus = (typeof rebalanceStatuses)[number];

export const VolumeBrick = Type.Object({
  host: ServerName,
  path: AbsolutePath,
  peer: PeerUuid,
  isArbiter: Type.Boolean(),
});
export type VolumeBrick = Static<typeof VolumeBrick>;

export const Volume = Type.Object({
  id: VolumeId,
  name: VolumeName,
  kind: OneOf(volumeKinds),
  status: Type.Union([Type.Literal('created'), Type.Literal('started'), Type.Literal('stopped')]),
  /** Members of a replica set, the arbiter counted; 1 for distribute and disperse. */
  replicaCount: Type.Integer({ minimum: 1 }),
  arbiterCount: Type.Integer({ minimum: 0 }),
  /** Members of a disperse set, redundancy counted; 0 where the volume is not dispersed. */
  disperseCount: Type.Integer({ minimum: 0 }),
  redundancyCount: Type.Integer({ minimum: 0 }),
  bricks: Type.Array(VolumeBrick, { minItems: 1, maxItems: 10_000 }),
  options: Type.Record(Type.String(), Type.String()),
  /** The rebalance or fix-layout task as this server's glusterd knows it; other servers have their own. */
  rebalance: Type.Object({
    taskId: Nullable(Type.String({ maxLength: 64 })),
    status: OneOf(rebalanceStatuses),
    failures: Type.Integer({ minimum: 0 }),
    skipped: Type.Integer({ minimum: 0 }),
  }),
  /** glusterd's configuration generation and checksum: equal on all servers, or the pool has diverged. */
  version: Nullable(Type.Integer({ minimum: 0 })),
  checksum: Nullable(Type.Integer({ minimum: 0 })),
});
export type Volume = Static<typeof Volume>;

/** The bricks of each subvolume of `volume`, in Gluster's order. A last, incomplete set is left out. */
export function subvolumesOf(volume: Volume): VolumeBrick[][] {
  const size = subvolumeSize(volume);
  const subvolumes: VolumeBrick[][] = [];
  for (let first = 0; first + size <= volume.bricks.length; first += size) {
    subvolumes.push(volume.bricks.slice(first, first + size));
  }
  return subvolumes;
}

/** How many bricks a subvolume of `volume` has: 1, the replica count or the disperse count. */
export function subvolumeSize(volume: Volume): number {
  return volume.disperseCount > 0 ? volume.disperseCount : volume.replicaCount;
}

/** How many bricks' worth of data a subvolume holds: 1 unless dispersed, where it is data = members − redundancy. */
export function dataBricksPerSubvolume(volume: Volume): number {
  return volume.disperseCount > 0 ? volume.disperseCount - volume.redundancyCount : 1;
}
