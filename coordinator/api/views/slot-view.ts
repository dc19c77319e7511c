// A slot as the API shows it, PURE: what the server offers, what lies under it, and why it cannot be used if it cannot.
import { type Static, Type } from 'typebox';
import { AbsolutePath, ServerName, VolumeName } from '../../../shared/model/names.ts';
import { Nullable } from '../../../shared/model/schema.ts';
import { Slot } from '../../../shared/model/slot.ts';
import type { ClusterSlot } from '../../core/cluster.ts';
import { Amount } from './page.ts';

const { path, mountPoint, tags, problem } = Slot.properties;

export const SlotView = Type.Object({
  server: ServerName,
  path,
  mountPoint,
  tags,
  /** Why nothing can be placed here; null when there is no reason against it. */
  problem,
  isFresh: Type.Boolean(),
  device: Nullable(Type.String()),
  filesystemType: Nullable(Type.String()),
  sizeBytes: Amount,
  freeBytes: Amount,
  inodesFree: Amount,
  /** The bricks of any volume on the same filesystem. */
  bricks: Type.Array(Type.Object({ volume: VolumeName, path: AbsolutePath })),
});
export type SlotView = Static<typeof SlotView>;

/** A slot with the space of its filesystem. */
export function viewSlot({ server, slot, filesystem, isFresh, bricks }: ClusterSlot): SlotView {
  return {
    server,
    path: slot.path,
    mountPoint: slot.mountPoint,
    tags: slot.tags,
    problem: slot.problem,
    isFresh,
    device: filesystem?.device ?? null,
    filesystemType: filesystem?.type ?? null,
    sizeBytes: filesystem?.sizeBytes ?? null,
    freeBytes: filesystem?.freeBytes ?? null,
    inodesFree: filesystem?.inodesFree ?? null,
    bricks: bricks.map((brick) => ({ volume: brick.volume, path: brick.path as AbsolutePath })),
  };
}
