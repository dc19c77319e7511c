// What cache.db keeps of how subvolumes were used: a day in samples, a year in hours, bounded, and nothing of it is dear.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SubvolumeKey } from '../../../coordinator/core/growth/forecast/forecast-subvolume.ts';
import { openStore } from '../../../coordinator/store/open-store.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import { inStateDirectory, recordingLog } from './samples.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const start = 20_000 * dayMs;
const one = 'aaaa gluster1:/bricks/b1/vol1' as SubvolumeKey;
const other = 'bbbb gluster2:/bricks/b1/vol1' as SubvolumeKey;
const sizeBytes = 10 * 1024 ** 4;

const openMemory = () => openStore({ directory: ':memory:', log: recordingLog().log });

function saveSample(store: Store, key: SubvolumeKey, at: number): void {
  store.saveHistory({ at, samples: [{ key, sample: { at, usedBytes: at - start, sizeBytes } }], hours: [] });
}

function saveHour(store: Store, key: SubvolumeKey, at: number): void {
  const hour = { at, usedBytes: at - start, mostUsedBytes: at - start + 5, sizeBytes };
  store.saveHistory({ at: at + 3 * hourMs, samples: [], hours: [{ key, hour }] });
}

test('what was saved is loaded, by subvolume, oldest first', () => {
  const store = openMemory();
  for (const minute of [2, 1, 3]) saveSample(store, one, start + minute * minuteMs);
  saveSample(store, other, start);
  saveHour(store, other, start - 5 * hourMs);
  const loaded = store.loadHistory(start - dayMs, start + hourMs);
  expect(
    loaded.map(({ key, hours, samples }) => [key, hours.length, samples.map(({ at }) => at - start)]),
  ).toEqual([
    [one, 0, [minuteMs, 2 * minuteMs, 3 * minuteMs]],
    [other, 1, [0]],
  ]);
});

test('use is told in samples as far as there are, and in hours before that', () => {
  const store = openMemory();
  for (let hour = 0; hour < 6; hour += 1) saveHour(store, one, start + hour * hourMs);
  saveSample(store, one, start + 3.5 * hourMs);
  saveSample(store, one, start + 4 * hourMs);
  const points = store.usage(one, start + hourMs, start + 10 * hourMs);
  expect(points.map(({ at }) => (at - start) / hourMs)).toEqual([1, 2, 3.5, 4]);
  expect(store.usage(one, start + hourMs, start + 2 * hourMs)).toMatchObject([{ mostUsedBytes: hourMs + 5 }]);
  expect(store.usage(other, 0, start)).toEqual([]);
});

describe('nothing grows for ever', () => {
  test('samples go after a day and hours after a year, with the subvolume’s next hour', () => {
    const store = openMemory();
    saveSample(store, one, start);
    saveHour(store, one, start);
    saveHour(store, one, start + 367 * dayMs);
    expect(store.usage(one, 0, start + 400 * dayMs)).toMatchObject([{ at: start + 367 * dayMs }]);
  });

  test('a subvolume that is gone leaves nothing behind after a year', () => {
    const store = openMemory();
    saveHour(store, one, start);
    expect(store.loadHistory(0, start + 360 * dayMs)).toHaveLength(1);
    expect(store.loadHistory(0, start + 367 * dayMs)).toEqual([]);
  });

  test('a subvolume takes the room that the documentation says', () => {
    inStateDirectory((directory) => {
      const store = openStore({ directory, log: recordingLog().log });
      const samples = Array.from({ length: 25 * 60 }, (_, minute) => ({
        key: one,
        sample: { at: start + minute * minuteMs, usedBytes: sizeBytes - minute, sizeBytes },
      }));
      const hours = Array.from({ length: 366 * 24 }, (_, hour) => ({
        key: one,
        hour: { at: start + hour * hourMs, usedBytes: sizeBytes - hour, mostUsedBytes: sizeBytes, sizeBytes },
      }));
      store.saveHistory({ at: start, samples, hours });
      store.close();
      expect(statSync(join(directory, 'cache.db')).size).toBeLessThan(400 * 1024);
    });
  });
});

test('a cache that is lost is a history that begins again', () => {
  inStateDirectory((directory) => {
    const store = openStore({ directory, log: recordingLog().log });
    saveSample(store, one, start);
    store.close();
    const again = openStore({ directory, log: recordingLog().log });
    expect(again.loadHistory(0, start + minuteMs)).toHaveLength(1);
    again.close();
  });
  expect(openMemory().loadHistory(0, start)).toEqual([]);
});
