// What is to be placed, in the terms that one algorithm needs, whoever asks: the growth of a volume, a new volume, or
// another place for one brick. How many bytes a brick is expected to hold:
// - growth: what the volume's smallest data brick holds when the volume reaches its level again, for that is when it
//   grows next; less on a smaller filesystem. Nothing must fit at once: new bricks begin empty.
// - new volume: its size over the subvolumes, over the data bricks of each. That must fit.
// - replacement: what the fullest of the other data members holds now. That must fit, for it will be healed there.
import type { VolumeName } from '../../../shared/model/names.ts';
import { bricksOf, type Cluster, type ClusterBrick, type ClusterVolume } from '../cluster.ts';
import { type PoolMember, poolOf } from '../membership/pool.ts';
import { type Shape, shapeOf } from './brick-set.ts';
import type { Reservation } from './reservations.ts';

/** Which servers and slots may be used, by the tags of slots. A server is ruled out by ruling out the tag of its slots. */
export interface TagRule {
  /** A slot needs one of these; any slot will do when there are none. */
  readonly allowTags?: readonly string[];
  /** A slot with one of these is not used, whatever else it has. */
  readonly excludeTags?: readonly string[];
}

/** What every placement starts from. */
export interface PlacementGround extends TagRule {
  readonly cluster: Cluster;
  /** What plans in flight will put where. */
  readonly reserved: readonly Reservation[];
  /** A slot with less free space than this is full from the start. */
  readonly minFreePercent: number;
}

export interface PlacementInput extends PlacementGround {
  readonly volume: ClusterVolume;
}

/** A volume that does not exist yet, of `sizeBytes` for files; `subvolumes` left out: as few as its slots allow. */
export interface NewVolume {
  readonly name: VolumeName;
  readonly shape: Shape;
  readonly sizeBytes: number;
  readonly subvolumes?: number;
  /** The servers that may be used: membership/pool.ts. */
  readonly pool: readonly PoolMember[];
}

export interface Want {
  readonly volume: VolumeName;
  readonly shape: Shape;
  readonly pool: readonly PoolMember[];
  /** Bricks that the volume has: none of their filesystems is used again. */
  readonly bricks: readonly ClusterBrick[];
  /** The members that stay, where one of a set is placed again; else none. */
  readonly fixed: readonly ClusterBrick[];
  /** How many data bricks and arbiters each set still needs. */
  readonly missing: { readonly data: number; readonly arbiters: number };
  /** The number of the first new subvolume, from 1. */
  readonly firstNumber: number;
  /** Bytes that are expected on a data brick. */
  readonly expectedBytes: number;
  /** Bytes that a data brick must have room for at once. */
  readonly mustHoldBytes: number;
  /** The size of the volume's smallest data brick, or null where there is none to be like. */
  readonly likeBytes: number | null;
}

/** What growing `volume` asks of each new subvolume. */
export function wantGrowth({ cluster, volume, minFreePercent }: PlacementInput): Want {
  const shape = shapeOf(volume.volume);
  const bricks = bricksOf(volume);
  const likeBytes = smallestDataBrick(bricks);
  return {
    volume: volume.volume.name,
    shape,
    pool: poolOf(cluster, volume),
    bricks,
    fixed: [],
    missing: shape,
    firstNumber: volume.subvolumes.length + 1,
    expectedBytes: Math.round((likeBytes ?? 0) * (1 - minFreePercent / 100)),
    mustHoldBytes: 0,
    likeBytes,
  };
}

/** What a new volume of `subvolumes` subvolumes asks of each. */
export function wantVolume({ name, shape, sizeBytes, pool }: NewVolume, subvolumes: number): Want {
  const bytes = Math.ceil(sizeBytes / subvolumes / shape.dataBricks);
  return {
    ...{ volume: name, shape, pool, bricks: [], fixed: [], missing: shape, firstNumber: 1, likeBytes: null },
    expectedBytes: bytes,
    mustHoldBytes: bytes,
  };
}

/** What another place for `brick`, a member of subvolume `index` of `volume`, asks for. */
export function wantReplacement(
  { cluster, volume }: PlacementInput,
  index: number,
  brick: ClusterBrick,
): Want {
  const members = volume.subvolumes[index]?.bricks ?? [];
  const fixed = members.filter((member) => member !== brick);
  const isArbiter = brick.brick.isArbiter;
  const held = fixed
    .filter((member) => !member.brick.isArbiter)
    .map(({ sizeBytes, freeBytes }) => (sizeBytes === null ? 0 : sizeBytes - (freeBytes ?? 0)));
  const bytes = held.length > 0 ? Math.max(...held) : (brick.sizeBytes ?? 0) - (brick.freeBytes ?? 0);
  return {
    volume: volume.volume.name,
    shape: shapeOf(volume.volume),
    pool: poolOf(cluster, volume),
    // Where the brick itself lies may be unknown: its disk is gone. That must not rule out its server's other slots.
    bricks: bricksOf(volume).filter((member) => member !== brick || member.filesystem !== null),
    fixed,
    missing: { data: isArbiter ? 0 : 1, arbiters: isArbiter ? 1 : 0 },
    firstNumber: index + 1,
    expectedBytes: bytes,
    mustHoldBytes: bytes,
    likeBytes: smallestDataBrick(fixed),
  };
}

/** In bytes; null when no data brick's size is known. */
function smallestDataBrick(bricks: readonly ClusterBrick[]): number | null {
  const sizes = bricks
    .filter((member) => !member.brick.isArbiter)
    .map((member) => member.sizeBytes)
    .filter((size) => size !== null);
  return sizes.length === 0 ? null : Math.min(...sizes);
}
