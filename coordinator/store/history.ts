// How subvolumes were used, in cache.db: a sample a minute for a day, an hour's median and maximum for a year. About 43 kB
// and 270 kB for each subvolume at the most. When the file is lost, history begins again, and with it the forecasts.
import type { Database } from 'better-sqlite3';
import type { HourOfUse } from '../core/growth/forecast/fold-history.ts';
import type { SubvolumeKey } from '../core/growth/forecast/forecast-subvolume.ts';
import type { Sample } from '../core/growth/forecast/sample.ts';

/** A day of single samples, and the hour in which they are pruned. */
const samplesKeptMs = 25 * 3_600_000;
const hoursKeptMs = 366 * 24 * 3_600_000;
/** A point for each minute of the samples and each hour of the year is fewer. */
const mostPoints = 12_000;

export interface HistoryChange {
  readonly at: number;
  readonly samples: readonly { readonly key: SubvolumeKey; readonly sample: Sample }[];
  readonly hours: readonly { readonly key: SubvolumeKey; readonly hour: HourOfUse }[];
}

export interface StoredHistory {
  readonly key: SubvolumeKey;
  readonly hours: HourOfUse[];
  readonly samples: Sample[];
}

export interface HistoryTables {
  /** One transaction. Subvolumes with new hours lose what has become too old. */
  save(change: HistoryChange): void;
  /** Everything from `from` to `now`, oldest first, by key; what is too old is deleted before. */
  load(from: number, now: number): StoredHistory[];
  /** A subvolume's use from `from` up to before `to`, oldest first: single samples as far as there are, hours before that. */
  points(key: SubvolumeKey, from: number, to: number): HourOfUse[];
}

/** The history in `database`. */
export function historyIn(database: Database): HistoryTables {
  const sql = prepareStatements(database);

  const idOf = (key: SubvolumeKey): number | null => sql.getId.get(key)?.id ?? null;
  function idFor(key: SubvolumeKey): number {
    return idOf(key) ?? Number(sql.putId.run(key).lastInsertRowid);
  }

  return {
    save: database.transaction(({ at, samples, hours }: HistoryChange) => {
      for (const { key, sample } of samples) {
        sql.putSample.run(idFor(key), sample.at, sample.usedBytes, sample.sizeBytes);
      }
      for (const { key, hour } of hours) {
        const id = idFor(key);
        sql.putHour.run(id, hour.at, hour.usedBytes, hour.mostUsedBytes, hour.sizeBytes);
        sql.pruneSamples.run(id, at - samplesKeptMs);
        sql.pruneHours.run(id, at - hoursKeptMs);
      }
    }),
    load: database.transaction((from: number, now: number) => {
      // Subvolumes that are gone get no new hours, so they are pruned here.
      sql.pruneAllSamples.run(now - samplesKeptMs);
      sql.pruneAllHours.run(now - hoursKeptMs);
      sql.pruneIds.run();
      return sql.getIds.all().map(({ id, key }) => ({
        key,
        hours: sql.getHours.all(id, from, now).map(hourOf),
        samples: sql.getSamples.all(id, from, now + 1),
      }));
    }),
    points(key, from, to) {
      const id = idOf(key);
      if (id === null) return [];
      const samplesFrom = sql.firstSample.get(id)?.at ?? Number.MAX_SAFE_INTEGER;
      const hours = sql.getHours.all(id, from, Math.min(to, samplesFrom)).map(hourOf);
      const samples = sql.getSamples.all(id, from, to);
      return [...hours, ...samples.map((sample) => ({ ...sample, mostUsedBytes: sample.usedBytes }))];
    },
  };
}

interface HourRow {
  at: number;
  usedBytes: number;
  mostUsedBytes: number;
  sizeBytes: number;
}

function prepareStatements(database: Database) {
  return {
    getId: database.prepare<[string], { id: number }>('SELECT id FROM subvolumes WHERE key = ?'),
    putId: database.prepare('INSERT INTO subvolumes (key) VALUES (?)'),
    getIds: database.prepare<[], { id: number; key: SubvolumeKey }>(
      'SELECT id, key FROM subvolumes ORDER BY key',
    ),
    putSample: database.prepare(
      'INSERT OR REPLACE INTO samples (subvolume, at, used, size) VALUES (?, ?, ?, ?)',
    ),
    putHour: database.prepare(
      'INSERT OR REPLACE INTO hours (subvolume, at, used, most, size) VALUES (?, ?, ?, ?, ?)',
    ),
    getSamples: database.prepare<[number, number, number], Sample>(
      `SELECT at, used AS usedBytes, size AS sizeBytes FROM samples
       WHERE subvolume = ? AND at >= ? AND at < ? ORDER BY at LIMIT ${mostPoints}`,
    ),
    firstSample: database.prepare<[number], { at: number }>(
      'SELECT at FROM samples WHERE subvolume = ? ORDER BY at LIMIT 1',
    ),
    // An hour that has only begun before the first sample is told by its samples.
    getHours: database.prepare<[number, number, number], HourRow>(
      `SELECT at, used AS usedBytes, most AS mostUsedBytes, size AS sizeBytes FROM hours
       WHERE subvolume = ? AND at >= ? AND at + 3600000 <= ? ORDER BY at LIMIT ${mostPoints}`,
    ),
    pruneSamples: database.prepare('DELETE FROM samples WHERE subvolume = ? AND at < ?'),
    pruneHours: database.prepare('DELETE FROM hours WHERE subvolume = ? AND at < ?'),
    pruneAllSamples: database.prepare('DELETE FROM samples WHERE at < ?'),
    pruneAllHours: database.prepare('DELETE FROM hours WHERE at < ?'),
    pruneIds: database.prepare(
      `DELETE FROM subvolumes WHERE NOT EXISTS (SELECT 1 FROM samples WHERE subvolume = id)
       AND NOT EXISTS (SELECT 1 FROM hours WHERE subvolume = id)`,
    ),
  };
}

function hourOf({ at, usedBytes, mostUsedBytes, sizeBytes }: HourRow): HourOfUse {
  return { at, usedBytes, mostUsedBytes, sizeBytes };
}
