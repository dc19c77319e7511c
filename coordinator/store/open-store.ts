// Opens the two databases of a state directory as one Store. intents.db is never begun anew in silence: when it is
// missing though coordinator.pub says that there was one, that is an error with a way forward, not an empty cluster.
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { Type } from 'typebox';
import { MortarError } from '../../shared/lib/errors.ts';
import type { Log } from '../../shared/runtime/log.ts';
import { intentsIn } from './intents.ts';
import { journalIn } from './journal.ts';
import { intentsMigrations } from './migrations.ts';
import { openDatabase, storeError } from './open-database.ts';
import { openReportCache } from './report-cache.ts';
import type { Store } from './store.ts';
import { readerOf } from './stored-json.ts';

const readKeys = readerOf(Type.Object({ privatePem: Type.String(), publicPem: Type.String() }));

export interface StoreOptions {
  /** The state directory, made when it is not there; ':memory:' for a store that ends with the process. */
  readonly directory: string;
  readonly log: Log;
}

/**
 * The store in a state directory, locked for this process. Throws MortarError('store-unavailable') naming the file
 * and the way forward when one is damaged, missing, in use by another process or cannot be written.
 */
export function openStore({ directory, log }: StoreOptions): Store {
  const inMemory = directory === ':memory:';
  const paths = {
    intents: inMemory ? ':memory:' : join(directory, 'intents.db'),
    cache: inMemory ? ':memory:' : join(directory, 'cache.db'),
    publicKey: inMemory ? null : join(directory, 'coordinator.pub'),
  };
  if (!inMemory) prepareDirectory(directory);
  if (paths.publicKey !== null) refuseSilentFreshStart(paths.intents, paths.publicKey);

  const database = guarded(paths.intents, () => openIntents(paths.intents));
  const journal = journalIn(database);
  const intents = intentsIn(database, journal);
  const cache = openCacheOrClose(database, () => openReportCache(paths.cache, log));
  const guard = <T>(work: () => T): T => guarded(paths.intents, work);

  return {
    load: () => guard(() => intents.load()),
    takeEpoch: (atLeast) => guard(() => intents.takeEpoch(atLeast)),
    save: (change) => guard(() => intents.save(change)),
    settleOrder: (outcome, entry) => guard(() => intents.settleOrder(outcome, entry)),
    journal: (plan, page) => guard(() => journal.page(plan, page.limit, page.after)),
    signingKeys(generate) {
      const text = guard(() => intents.once('signing-keys', () => JSON.stringify(generate())));
      const keys = readKeys(text, `the signing key in ${paths.intents}`);
      // After the commit: a crash between the two leaves a key without its public file, which the next start writes.
      if (paths.publicKey !== null) publish(paths.publicKey, keys.publicPem);
      return keys;
    },
    saveReports: (reports) => cache.saveReports(reports),
    loadReports: () => guarded(paths.cache, () => cache.loadReports()),
    saveHistory: (change) => guarded(paths.cache, () => cache.history.save(change)),
    loadHistory: (from, now) => guarded(paths.cache, () => cache.history.load(from, now)),
    usage: (key, from, to) => guarded(paths.cache, () => cache.history.points(key, from, to)),
    close() {
      cache.close();
      database.close();
    },
  };
}

function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new MortarError('store-unavailable', `the state directory ${directory} cannot be made`, {
      cause: error,
    });
  }
}

function refuseSilentFreshStart(intents: string, publicKey: string): void {
  const isThere = existsSync(intents) && statSync(intents).size > 0;
  if (isThere || !existsSync(publicKey)) return;
  throw new MortarError(
    'store-unavailable',
    `${intents} is missing or empty, but ${publicKey} shows that there was one: restore it from a backup; or remove ${publicKey} to begin anew without policies, plans and keys, after which every agent must pin the new one`,
  );
}

function openIntents(path: string): Database {
  return openDatabase({ path, synchronous: 'FULL', migrations: intentsMigrations });
}

function openCacheOrClose<T>(database: Database, open: () => T): T {
  try {
    return open();
  } catch (error) {
    database.close();
    throw error;
  }
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeError(path, error);
  }
}

function publish(path: string, publicPem: string): void {
  try {
    if (existsSync(path) && readFileSync(path, 'utf8') === publicPem) return;
    // Renamed into place, so that nobody ever pins half of a key.
    writeFileSync(`${path}.new`, publicPem, { mode: 0o644, flush: true });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new MortarError('store-unavailable', `the public key cannot be written to ${path}`, {
      cause: error,
    });
  }
}
