// Opens one SQLite file, takes it for this process alone, checks it and brings it to the newest shape. The exclusive
// lock is what keeps two coordinators off one state directory; the kernel drops it when the process dies.
import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { MortarError } from '../../shared/lib/errors.ts';

export interface DatabaseShape {
  /** A file, or ':memory:'. */
  readonly path: string;
  /** FULL: a commit that has returned survives a power cut. NORMAL: it survives a crash of the process. */
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly migrations: readonly string[];
}

/**
 * The open database. Throws better-sqlite3's SqliteError when SQLite refuses, and MortarError('store-unavailable')
 * when the file fails SQLite's check or was written by a newer Mortar; nothing is changed in either case.
 */
export function openDatabase(shape: DatabaseShape): Database.Database {
  if (shape.path !== ':memory:') createForOwner(shape.path);
  // 1 s: long enough for a backup tool that reads for a moment, short enough to tell a second coordinator at once.
  const database = new Database(shape.path, { timeout: 1000 });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma(`synchronous = ${shape.synchronous}`);
    // The lock is taken at the first write; taken here, it is not discovered to be missing in the middle of the work.
    database.exec('BEGIN IMMEDIATE; COMMIT');
    check(database, shape.path);
    migrate(database, shape);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whether `error` says that another process has the database open. */
export function isInUse(error: unknown): boolean {
  return isSqliteError(error) && busyCodes.test(error.code);
}

/** An error of SQLite at `path` as MortarError('store-unavailable') with the way forward; any other is returned as it is. */
export function storeError(path: string, error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  return new MortarError('store-unavailable', `${path} ${adviceFor(error)}`, { cause: error });
}

function isSqliteError(error: unknown): error is Error & { code: string } {
  return error instanceof Database.SqliteError;
}

function adviceFor(error: { code: string }): string {
  if (busyCodes.test(error.code)) {
    return 'is in use by another process: only one coordinator may run on a state directory; stop the other one first';
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) return damageAdvice;
  if (/^SQLITE_FULL/.test(error.code))
    return 'cannot be written: its filesystem is full; free some space there';
  return 'cannot be opened or written: check the directory, its owner and its disk';
}

const busyCodes = /^SQLITE_(BUSY|LOCKED)/;

const damageAdvice =
  'is damaged: restore it from a backup; or move it and coordinator.pub out of the directory to begin anew without policies, plans and keys, after which every agent must pin the new coordinator.pub';

// Only the owner may read it, since the signing key lies in it; SQLite gives its side files the same mode.
function createForOwner(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new MortarError('store-unavailable', `${path} cannot be created or written`, { cause: error });
  }
}

function check(database: Database.Database, path: string): void {
  const problems = database.prepare('PRAGMA quick_check(1)').pluck().all();
  if (problems.length === 1 && problems[0] === 'ok') return;
  throw new MortarError('store-unavailable', `${path} ${damageAdvice}`, { cause: problems.join('; ') });
}

function migrate(database: Database.Database, shape: DatabaseShape): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  const newest = shape.migrations.length;
  if (version > newest) {
    throw new MortarError(
      'store-unavailable',
      `${shape.path} was written by a newer Mortar (its shape is ${version}, and this one knows ${newest}): install that version or a newer one`,
    );
  }
  for (let from = version; from < newest; from += 1) {
    database.transaction(() => {
      database.exec(shape.migrations[from] ?? '');
      database.pragma(`user_version = ${from + 1}`);
    })();
  }
}
