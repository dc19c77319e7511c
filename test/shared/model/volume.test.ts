// Which bricks make a subvolume, for every shape that a volume can have.
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import {
  dataBricksPerSubvolume,
  subvolumeSize,
  subvolumesOf,
  Volume,
  type VolumeKind,
} from '../../../shared/model/volume.ts';
import { makeVolume } from '../../support/make-volume.ts';

interface Shape {
  kind: VolumeKind;
  replica?: number;
  arbiter?: number;
  disperse?: number;
  redundancy?: number;
  bricks: number;
  /** The numbers of the bricks of each subvolume. */
  subvolumes: number[][];
  size: number;
  data: number;
}

const shapes: Shape[] = [
  { kind: 'distribute', bricks: 1, subvolumes: [[0]], size: 1, data: 1 },
  { kind: 'distribute', bricks: 3, subvolumes: [[0], [1], [2]], size: 1, data: 1 },
  {
    kind: 'replicate',
    replica: 2,
    bricks: 4,
    subvolumes: [
      [0, 1],
      [2, 3],
    ],
    size: 2,
    data: 1,
  },
  {
    kind: 'replicate',
    replica: 3,
    bricks: 6,
    subvolumes: [
      [0, 1, 2],
      [3, 4, 5],
    ],
    size: 3,
    data: 1,
  },
  {
    kind: 'arbiter',
    replica: 3,
    arbiter: 1,
    bricks: 6,
    subvolumes: [
      [0, 1, 2],
      [3, 4, 5],
    ],
    size: 3,
    data: 1,
  },
  {
    kind: 'disperse',
    disperse: 3,
    redundancy: 1,
    bricks: 6,
    subvolumes: [
      [0, 1, 2],
      [3, 4, 5],
    ],
    size: 3,
    data: 2,
  },
  {
    kind: 'disperse',
    disperse: 6,
    redundancy: 2,
    bricks: 6,
    subvolumes: [[0, 1, 2, 3, 4, 5]],
    size: 6,
    data: 4,
  },
  { kind: 'replicate', replica: 3, bricks: 5, subvolumes: [[0, 1, 2]], size: 3, data: 1 },
  { kind: 'replicate', replica: 3, bricks: 2, subvolumes: [], size: 3, data: 1 },
];

describe('the shape of a volume', () => {
  test.each(shapes)('$kind of $size with $bricks bricks: $subvolumes', (shape) => {
    const volume = makeVolume(shape);
    expect(Value.Check(Volume, volume)).toBe(true);
    expect(subvolumeSize(volume)).toBe(shape.size);
    expect(dataBricksPerSubvolume(volume)).toBe(shape.data);
    const numbers = subvolumesOf(volume).map((bricks) => bricks.map((brick) => volume.bricks.indexOf(brick)));
    expect(numbers).toEqual(shape.subvolumes);
  });

  test('the arbiter is the last of its set', () => {
    const volume = makeVolume({ kind: 'arbiter', replica: 3, arbiter: 1, bricks: 6 });
    for (const bricks of subvolumesOf(volume)) {
      expect(bricks.map((brick) => brick.isArbiter)).toEqual([false, false, true]);
    }
  });
});
