// A mounted filesystem that may hold bricks. `freeBytes` is what an ordinary process may still write
// (statvfs f_bavail), which is less than f_bfree where blocks are reserved for root.
import { type Static, Type } from 'typebox';
import { AbsolutePath } from './names.ts';
import { Nullable } from './schema.ts';

export const Filesystem = Type.Object({
  mountPoint: AbsolutePath,
  device: Type.String({ maxLength: 4096 }),
  /** st_dev as "major:minor": the same for two mounts of one filesystem. */
  deviceNumber: Type.String({ pattern: '^[0-9]+:[0-9]+$' }),
  type: Type.String({ maxLength: 64 }),
  options: Type.Array(Type.String({ maxLength: 256 }), { maxItems: 128 }),
  isReadOnly: Type.Boolean(),
  /** Whether this is the filesystem that / lies on: never a place for bricks. */
  isRoot: Type.Boolean(),
  sizeBytes: Type.Integer({ minimum: 0 }),
  /** The size of the block device under it; missing from older agents, null where it has none of its own (btrfs, zfs). */
  deviceBytes: Type.Optional(Nullable(Type.Integer({ minimum: 0 }))),
  freeBytes: Type.Integer({ minimum: 0 }),
  inodes: Type.Integer({ minimum: 0 }),
  inodesFree: Type.Integer({ minimum: 0 }),
});
export type Filesystem = Static<typeof Filesystem>;
