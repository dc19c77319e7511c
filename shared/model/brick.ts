// A brick as its own server sees it: its process, its port, and whether the disk under it is really there.
import { type Static, Type } from 'typebox';
import { AbsolutePath, VolumeId, VolumeName } from './names.ts';
import { Nullable } from './schema.ts';

const Port = Type.Integer({ minimum: 1, maximum: 65535 });

export const Brick = Type.Object({
  volume: VolumeName,
  volumeId: VolumeId,
  path: AbsolutePath,
  /** Whether a glusterfsd process for this brick runs; null when that could not be seen. */
  isUp: Nullable(Type.Boolean()),
  pid: Nullable(Type.Integer({ minimum: 1 })),
  /** Changes at each start of the brick, so it is never remembered. */
  port: Nullable(Port),
  /** The mount point of the filesystem that `path` lies on now; null when the path cannot be reached. */
  mountPoint: Nullable(AbsolutePath),
  /** Whether trusted.glusterfs.volume-id on `path` is the volume's; null when the attribute could not be read. */
  hasVolumeId: Nullable(Type.Boolean()),
  /** Entries in .glusterfs/indices/xattrop, which is what waits to be healed from here; null when unknown. */
  pendingHeals: Nullable(Type.Integer({ minimum: 0 })),
});
export type Brick = Static<typeof Brick>;
