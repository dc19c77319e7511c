// What was and what will be, as the API tells it: from the histories in the state, and from the store.
import { describe, expect, test } from 'vitest';
import type { SubvolumeKey } from '../../../coordinator/core/growth/forecast/forecast-subvolume.ts';
import type { Sample } from '../../../coordinator/core/growth/forecast/sample.ts';
import { buildState, GiB, morning, volumeIdOf } from '../../support/cluster-builder.ts';
import { serveState } from './served-state.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const keyOf = (disk: string) => `${volumeIdOf('vol1')} gluster1:/bricks/${disk}/vol1` as SubvolumeKey;

/** Two subvolumes: one grows by 2 GiB a day and has 40 left, of the other nothing has been sampled. */
function cluster() {
  const growing = Array.from(
    { length: 20 * 24 },
    (_, hour): Sample => ({
      at: morning - (20 * 24 - 1 - hour) * hourMs,
      usedBytes: Math.round((60 - (2 * (20 * 24 - 1 - hour)) / 24) * GiB),
      sizeBytes: 100 * GiB,
    }),
  );
  return buildState(
    {
      servers: { gluster1: { b1: { freePercent: 90 }, b2: { freePercent: 40 } } },
      volumes: { vol1: { kind: 'distribute', bricks: ['gluster1:b1/vol1', 'gluster1:b2/vol1'] } },
    },
    { rest: { histories: new Map([[keyOf('b2'), growing]]) } },
  );
}

test('a forecast has the subvolume that is full first before all others, and says why there is none', async () => {
  const { api } = await serveState(cluster());
  const { subvolumes, leadTimeMs } = (await api.inject('/v1/volumes/vol1/forecast')).json();
  expect(leadTimeMs).toBe(72 * hourMs);
  expect(subvolumes).toMatchObject([
    { index: 1, isDue: false, burstMs: null, historyMs: (20 * 24 - 1) * hourMs },
    { index: 0, isDue: false, fullAt: null, bytesPerDay: null, historyMs: null },
  ]);
  expect(subvolumes[0].bytesPerDay / GiB).toBeCloseTo(2, 3);
  expect((subvolumes[0].fullAt.likely - morning) / dayMs).toBeCloseTo(20, 1);
  expect(subvolumes[0].sentence).toMatch(/^full in 20 d.* at 2 GiB a day, beyond the lead time of 3 d$/);
  expect(subvolumes[1].sentence).toMatch(/^nothing shows that it will be full/);
});

describe('the history', () => {
  async function serveHours() {
    const served = await serveState(cluster());
    for (let hour = 0; hour < 48; hour += 1) {
      const at = morning - (48 - hour) * hourMs;
      const use = { at, usedBytes: hour, mostUsedBytes: hour + 100, sizeBytes: 1000 };
      served.store.saveHistory({ at, samples: [], hours: [{ key: keyOf('b2'), hour: use }] });
    }
    return served;
  }

  test('is the last day if nothing is said', async () => {
    const { api } = await serveHours();
    const history = (await api.inject('/v1/volumes/vol1/history')).json();
    expect(history.to - history.from).toBe(dayMs);
    expect(history.subvolumes.map((one: { points: unknown[] }) => one.points.length)).toEqual([0, 23]);
  });

  test('is one point for each step, with the newest and the greatest use of it', async () => {
    const { api } = await serveHours();
    const from = morning - 40 * hourMs;
    const url = `/v1/volumes/vol1/history?from=${from}&to=${morning}&step=${20 * hourMs}&subvolume=1`;
    const [subvolume, ...others] = (await api.inject(url)).json().subvolumes;
    expect(others).toEqual([]);
    for (const { at } of subvolume.points) expect(at % (20 * hourMs)).toBe(0);
    expect(subvolume.points.at(-1)).toMatchObject({ usedBytes: 47, mostUsedBytes: 147 });
    expect(subvolume.points.length).toBeLessThanOrEqual(3);
  });
});
