// A new subvolume before it exists: the bricks that were chosen for it, in Gluster's order, and the space it will bring.
import type { AbsolutePath, ServerName, VolumeName } from '../../../shared/model/names.ts';
import { dataBricksPerSubvolume, subvolumeSize, type Volume } from '../../../shared/model/volume.ts';
import type { ClusterSlot } from '../cluster.ts';
import type { SlotSet } from './choose-set.ts';
import type { Want } from './want.ts';

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

/** The space that a set will bring: that of its smallest data member, times its data bricks. */
export function spaceOf({ data }: SlotSet, { dataBricks }: Shape): { sizeBytes: number; freeBytes: number } {
  if (data.length === 0) return { sizeBytes: 0, freeBytes: 0 };
  return {
    sizeBytes: Math.min(...data.map((slot) => slot.filesystem?.sizeBytes ?? 0)) * dataBricks,
    freeBytes: Math.min(...data.map((slot) => slot.filesystem?.freeBytes ?? 0)) * dataBricks,
  };
}

/** The bricks of the set with that index (from 0) among the new ones. */
export function setOf(set: SlotSet, want: Want, index: number): BrickSet {
  const brickOn = (slot: ClusterSlot, isArbiter: boolean): ChosenBrick => ({
    server: slot.server,
    slot,
    path: freeDirectory(slot, want.volume, want.firstNumber + index),
    isArbiter,
  });
  return {
    bricks: [
      ...set.data.map((slot) => brickOn(slot, false)),
      ...set.arbiters.map((slot) => brickOn(slot, true)),
    ],
    ...spaceOf(set, want.shape),
  };
}

/**
 * `<slot>/<volume>-<n>`, where n is the subvolume's number or the next one that nothing has taken: a directory of a
 * brick that was removed must not be used again, Gluster refuses it as "already part of a volume".
 */
function freeDirectory(slot: ClusterSlot, volume: VolumeName, number: number): AbsolutePath {
  const entries = new Set(slot.slot.entries);
  const bricks = new Set(slot.bricks.map((brick) => brick.path));
  const root = slot.slot.path === '/' ? '' : slot.slot.path;
  let n = number;
  // Ends: each turn passes one of finitely many taken names.
  while (entries.has(`${volume}-${n}`) || bricks.has(`${root}/${volume}-${n}`)) n += 1;
  return `${root}/${volume}-${n}` as AbsolutePath;
}
