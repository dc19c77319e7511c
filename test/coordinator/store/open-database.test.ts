// Migration: a database of any earlier shape comes to the newest one and keeps what was in it.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../coordinator/store/open-database.ts';
import { inStateDirectory } from './samples.ts';

const migrations = [
  "CREATE TABLE things (name TEXT) STRICT; INSERT INTO things VALUES ('first');",
  'ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 3;',
];

describe('migrating', () => {
  test('brings a database from an older shape to the newest, and does so once', () => {
    inStateDirectory((parent) => {
      const path = `${parent}.db`;
      openDatabase({ path, synchronous: 'FULL', migrations: migrations.slice(0, 1) }).close();
      for (let opening = 0; opening < 2; opening += 1) {
        const database = openDatabase({ path, synchronous: 'FULL', migrations });
        expect(database.prepare('SELECT * FROM things').all()).toEqual([{ name: 'first', size: 3 }]);
        database.close();
      }
    });
  });

  test('a migration that fails leaves the database as it was', () => {
    inStateDirectory((parent) => {
      const path = `${parent}.db`;
      const broken = [
        ...migrations.slice(0, 1),
        'CREATE TABLE half (name TEXT); SELECT nonsense FROM nowhere;',
      ];
      expect(() => openDatabase({ path, synchronous: 'FULL', migrations: broken })).toThrow(/no such table/);
      const database = openDatabase({ path, synchronous: 'FULL', migrations });
      expect(database.pragma('user_version', { simple: true })).toBe(2);
      expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([]);
      database.close();
    });
  });
});

test.each([
  ['FULL', 2],
  ['NORMAL', 1],
] as const)('a %s database has a write-ahead log and syncs as it says', (synchronous, level) => {
  inStateDirectory((parent) => {
    const path = `${parent}.db`;
    const database = openDatabase({ path, synchronous, migrations });
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('synchronous', { simple: true })).toBe(level);
    expect(existsSync(`${path}-wal`)).toBe(true);
    database.close();
  });
});
