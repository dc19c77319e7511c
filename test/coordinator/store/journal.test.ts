// The journal's bound: what is pruned and what never is.
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Journal, journalIn } from '../../../coordinator/store/journal.ts';
import { intentsMigrations } from '../../../coordinator/store/migrations.ts';
import type { JournalEntry } from '../../../coordinator/store/store.ts';
import { sampleEntry } from './samples.ts';

const dayMs = 24 * 3_600_000;
let database: Database.Database;
let journal: Journal;

beforeEach(() => {
  database = new Database(':memory:');
  for (const sql of intentsMigrations) database.exec(sql);
  journal = journalIn(database);
});

describe('pruning', () => {
  test('keeps the newest 100,000 entries, however old', () => {
    append(101_000, 0);
    expect(oldest()).toBe(1);
    append(1000, 500 * dayMs);
    expect(oldest()).toBe(2001);
  });

  test('keeps entries of 400 days, however many', () => {
    append(110_000, 0);
    append(1000, 399 * dayMs);
    expect(oldest()).toBe(1);
  });

  test('takes 10,000 at once, so that no commit takes long', () => {
    append(120_000, 0);
    append(1000, 500 * dayMs);
    expect(oldest()).toBe(10_001);
  });

  test('ends at a million entries, however young', () => {
    database.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run('journal', 0);
    append(1500, 0);
    database.exec("UPDATE sqlite_sequence SET seq = 1000500 WHERE name = 'journal'");
    append(500, 0);
    expect(oldest()).toBe(1001);
  });
});

test('no entry can be changed afterwards', () => {
  append(1, 0);
  expect(() => database.exec("UPDATE journal SET message = 'another'")).toThrow(/append-only/);
});

function append(count: number, at: number): void {
  const entries: JournalEntry[] = Array.from({ length: count }, () => sampleEntry(1, at));
  database.transaction(() => journal.append(entries))();
}

function oldest(): number {
  return Number(database.prepare('SELECT min(sequence) FROM journal').pluck().get());
}
