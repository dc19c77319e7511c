// A new subvolume before it exists: the bricks that were chosen for it, in Gluster's order, and the space it will bring.
import type { AbsolutePath, ServerName } from '../../../shared/model/names.ts';
import { dataBricksPerSubvolume, subvolumeSize, type Volume } from '../../../shared/model/volume.ts';
import type { ClusterSlot } from '../cluster.ts';

/** How a volume's subvolumes are made up. `data` counts the members that hold whole data or fragments, arbiters not. */
export interface Shape {
  readonly members: number;
  readonly data: number;
  readonly arbiters: number;
  /** How many bricks' worth of files a subvolume holds. */
  readonly dataBricks: number;
}

export interface ChosenBrick {
  readonly server: ServerName;
  readonly slot: ClusterSlot;
  readonly path: AbsolutePath;
  readonly isArbiter: boolean;
}

export interface BrickSet {
  /** An arbiter is last. */
  readonly bricks: readonly ChosenBrick[];
  readonly sizeBytes: number;
  readonly freeBytes: number;
}

/** The shape of the volume's subvolumes: Gluster lets a volume grow by nothing else. */
export function shapeOf(volume: Volume): Shape {
  const members = subvolumeSize(volume);
  const arbiters = volume.kind === 'arbiter' ? volume.arbiterCount : 0;
  return { members, data: members - arbiters, arbiters, dataBricks: dataBricksPerSubvolume(volume) };
}
