// What became of each order, in a file that only grows: a line before an order begins and one when it has ended, each
// on disk before anything follows. A crash between the two leaves an order that began and has no end, and whoever asks
// for it again looks first. A line that the crash cut in two is dropped.
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { errorCodeOf, MortarError } from '../../../shared/lib/errors.ts';
import { Outcome } from '../../../shared/model/order.ts';
import { readTextFile, writeFileDurably } from '../../../shared/runtime/files.ts';

/** Outcomes that can be answered again. A coordinator asks again within minutes; the largest plan has 2,000 steps over many servers. */
const maxOutcomes = 1_000;
/** The file is rewritten at this many lines: at most twice what is kept, so that a rewrite is rare and the file small. */
const maxLines = 4 * maxOutcomes;
/** All lines at their longest: an outcome has 4,096 characters, of up to 6 bytes each as JSON writes them. */
const maxBytes = maxLines * 32 * 1024;

const Line = Type.Union([
  Type.Object({ kind: Type.Literal('begin'), orderId: Type.String(), at: Type.Integer({ minimum: 0 }) }),
  Type.Object({ kind: Type.Literal('end'), outcome: Outcome }),
]);
const validLine = Compile(Line);

export type Recorded = { kind: 'new' } | { kind: 'begun'; at: number } | { kind: 'ended'; outcome: Outcome };

export interface Journal {
  find(orderId: string): Recorded;
  /** On disk when it resolves; only then may the order act. `at` is ms since 1970. */
  begin(orderId: string, at: number): Promise<void>;
  /** On disk when it resolves; only then may the outcome be told. */
  end(outcome: Outcome): Promise<void>;
  /** How many lines could not be read when it was opened. */
  readonly dropped: number;
  close(): Promise<void>;
}

/** The journal kept in `directory`. Callers take turns: one `begin` or `end` at a time. */
export async function openJournal(directory: string): Promise<Journal> {
  const path = join(directory, 'journal.jsonl');
  const begun = new Map<string, number>();
  const ended = new Map<string, Outcome>();
  const { lines, dropped } = await readLines(path);
  for (const line of lines) remember(begun, ended, line);
  // Rewritten at each start, so that a cut line never stands in the middle.
  await writeFileDurably(path, textOf(begun, ended), { mode: 0o600 });
  let file = await openToAppend(path);
  let lineCount = begun.size + ended.size;

  async function append(line: Line): Promise<void> {
    if (lineCount >= maxLines) {
      // The old file stays whole until the new one has replaced it: a crash in between loses nothing.
      await writeFileDurably(path, textOf(begun, ended), { mode: 0o600 });
      await file.close();
      file = await openToAppend(path);
      lineCount = begun.size + ended.size;
    }
    const countAfter = lineCount + 1;
    // Stands if the write fails half-way: the next append then rewrites the file, so that no line is glued to a piece.
    lineCount = maxLines;
    await file.appendFile(`${JSON.stringify(line)}\n`);
    await file.datasync();
    lineCount = countAfter;
    remember(begun, ended, line);
  }

  return {
    dropped,
    find(orderId) {
      const outcome = ended.get(orderId);
      if (outcome) return { kind: 'ended', outcome };
      const at = begun.get(orderId);
      return at === undefined ? { kind: 'new' } : { kind: 'begun', at };
    },
    begin: (orderId, at) => append({ kind: 'begin', orderId, at }),
    end: (outcome) => append({ kind: 'end', outcome }),
    close: () => file.close(),
  };
}

type Line = { kind: 'begin'; orderId: string; at: number } | { kind: 'end'; outcome: Outcome };

async function readLines(path: string): Promise<{ lines: Line[]; dropped: number }> {
  let text: string;
  try {
    text = await readTextFile(path, { maxBytes });
  } catch (error) {
    if (errorCodeOf(error) === 'not-found') return { lines: [], dropped: 0 };
    throw error;
  }
  const lines: Line[] = [];
  let dropped = 0;
  for (const written of text.split('\n')) {
    if (written === '') continue;
    const line = parseLine(written);
    if (line) lines.push(line);
    else dropped += 1;
  }
  return { lines, dropped };
}

function parseLine(written: string): Line | null {
  let line: unknown;
  try {
    line = JSON.parse(written);
  } catch {
    return null;
  }
  return validLine.Check(line) ? line : null;
}

function remember(begun: Map<string, number>, ended: Map<string, Outcome>, line: Line): void {
  if (line.kind === 'begin') {
    begun.set(line.orderId, line.at);
    dropOldest(begun);
  } else {
    begun.delete(line.outcome.orderId);
    ended.set(line.outcome.orderId, line.outcome);
    dropOldest(ended);
  }
}

function dropOldest(entries: Map<string, unknown>): void {
  if (entries.size <= maxOutcomes) return;
  const [oldest] = entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
}

function textOf(begun: Map<string, number>, ended: Map<string, Outcome>): string {
  const lines: Line[] = [
    ...[...ended.values()].map((outcome): Line => ({ kind: 'end', outcome })),
    ...[...begun].map(([orderId, at]): Line => ({ kind: 'begin', orderId, at })),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

async function openToAppend(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a', 0o600);
  } catch (error) {
    throw new MortarError('bad-input', `cannot write the journal in ${dirname(path)}`, { cause: error });
  }
}
