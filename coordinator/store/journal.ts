// The journal's rows in intents.db: append, read by plan, prune. The sequence only grows and rows go only from its low
// end, so "the newest N" is arithmetic and not a count.
import type { Database } from 'better-sqlite3';
import type { PlanId } from '../../shared/model/names.ts';
import { JournalEntry, type JournalPage } from './store.ts';
import { readerOf } from './stored-json.ts';

/** Never pruned, however old: a quiet cluster keeps the story of years. */
const keptRows = 100_000;
/** Never pruned below `maxRows`: a year's audit, and the month in which it is asked for. */
const keptMs = 400 * 24 * 3_600_000;
/** The end of it, however young: about 250 MB. */
const maxRows = 1_000_000;
/** How many appended rows call for a look at what can go, and how many go at most then, so that no commit takes long. */
const pruneEvery = 1000;
const prunedAtOnce = 10_000;

const maxPage = 1000;
const readEntry = readerOf(JournalEntry);

export interface Journal {
  /** Adds entries at the end; called inside of the caller's transaction. */
  append(entries: readonly JournalEntry[]): void;
  page(plan: PlanId, limit: number, after: number | null): JournalPage;
}

/** The journal in `database`. */
export function journalIn(database: Database): Journal {
  const insert = database.prepare(
    `INSERT INTO journal (at, plan, event, volume, server, step_index, message)
     VALUES (@at, @plan, @event, @volume, @server, @stepIndex, @message)`,
  );
  const select = database.prepare<[PlanId, number, number], JournalRow>(
    'SELECT * FROM journal WHERE plan = ? AND sequence > ? ORDER BY sequence LIMIT ?',
  );
  const prune = database.prepare(
    `DELETE FROM journal WHERE sequence IN (
       SELECT sequence FROM journal
       WHERE sequence <= @newest - ${keptRows} AND (at < @at - ${keptMs} OR sequence <= @newest - ${maxRows})
       ORDER BY sequence LIMIT ${prunedAtOnce})`,
  );
  let appended = 0;

  return {
    append(entries) {
      for (const entry of entries) {
        const row = { volume: null, server: null, stepIndex: null, ...entry };
        const newest = Number(insert.run(row).lastInsertRowid);
        appended += 1;
        if (appended % pruneEvery === 0) prune.run({ newest, at: entry.at });
      }
    },
    page(plan, limit, after) {
      const size = Math.min(limit, maxPage);
      const rows = select.all(plan, after ?? 0, size + 1);
      const shown = rows.slice(0, size);
      return {
        items: shown.map(entryOf),
        next: rows.length > size ? (shown.at(-1)?.sequence ?? null) : null,
      };
    },
  };
}

interface JournalRow {
  sequence: number;
  at: number;
  plan: string | null;
  event: string;
  volume: string | null;
  server: string | null;
  step_index: number | null;
  message: string;
}

function entryOf({ sequence, step_index, ...row }: JournalRow): JournalEntry {
  return readEntry(JSON.stringify({ ...row, stepIndex: step_index }), `journal entry ${sequence}`);
}
