// The forecast of a subvolume of a cluster: found by its key, with the size of now, and only where there is a history.
import { describe, expect, test } from 'vitest';
import {
  forecastSubvolume,
  type SubvolumeKey,
  subvolumeKey,
} from '../../../../../coordinator/core/growth/forecast/forecast-subvolume.ts';
import { hourMs, type Sample } from '../../../../../coordinator/core/growth/forecast/sample.ts';
import { viewCluster } from '../../../../../coordinator/core/view-cluster.ts';
import { buildState, GiB, morning } from '../../../../support/cluster-builder.ts';

const dayMs = 24 * hourMs;

/** Grows by 2 GiB a day, and is 60 GiB now. */
const history = Array.from(
  { length: 240 },
  (_, hour): Sample => ({
    at: morning - (239 - hour) * hourMs,
    usedBytes: Math.round((60 - (239 - hour) / 12) * GiB),
    sizeBytes: 100 * GiB,
  }),
);

function forecastOf(sizeGiB: number, samples: readonly Sample[], minimumHistoryMs = 0) {
  const state = buildState({
    servers: { gluster1: { b1: { sizeGiB, freePercent: 40 } } },
    volumes: { vol1: { kind: 'distribute', bricks: ['gluster1:b1/vol1'] } },
  });
  const volume = viewCluster(state, morning).volumes[0]!;
  const subvolume = volume.subvolumes[0]!;
  const histories = new Map([[subvolumeKey(volume.volume.id, subvolume), samples]]);
  return forecastSubvolume({ histories }, volume.volume.id, subvolume, morning, minimumHistoryMs).forecast;
}

const daysLeft = (sizeGiB: number) => ((forecastOf(sizeGiB, history)?.fullAt.likely ?? 0) - morning) / dayMs;

test('it counts the room of the size that the subvolume has now, also when that has just changed', () => {
  expect(daysLeft(100)).toBeCloseTo(20, 1);
  expect(daysLeft(160)).toBeCloseTo(50, 1);
  expect(daysLeft(100)).toBeCloseTo(20, 1);
});

describe('there is none', () => {
  test('with less history than is asked for', () => {
    expect(forecastOf(100, history, 11 * dayMs)).toBeNull();
    expect(forecastOf(100, history, 9 * dayMs)).not.toBeNull();
  });

  test('without a history under the key', () => {
    expect(forecastOf(100, [])).toBeNull();
  });
});

test('the key is the volume’s id and the first brick, whatever was added since', () => {
  const bricks = [{ brick: { host: 'gluster1', path: '/bricks/b1/vol1' } }];
  const key = subvolumeKey('id' as never, { bricks: bricks as never });
  expect(key).toBe('id gluster1:/bricks/b1/vol1' as SubvolumeKey);
});
