// What became of each order survives everything that can end the process: a cut at any byte, a SIGKILL at any moment.
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal } from '../../../../agent/privileged/orders/journal.ts';
import { makeOutcome } from './make-outcome.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortar-journal-'));
  path = join(directory, 'journal.jsonl');
});
afterEach(() => rm(directory, { recursive: true }));

test('an order is new, then begun, then ended, and stays so over a restart', async () => {
  const journal = await openJournal(directory);
  expect(journal.find('a')).toEqual({ kind: 'new' });
  await journal.begin('a', 5);
  expect(journal.find('a')).toEqual({ kind: 'begun', at: 5 });
  await journal.begin('b', 6);
  await journal.end(makeOutcome('a'));
  expect(journal.find('a')).toEqual({ kind: 'ended', outcome: makeOutcome('a') });
  await journal.close();

  const again = await openJournal(directory);
  expect(again.find('a')).toEqual({ kind: 'ended', outcome: makeOutcome('a') });
  expect(again.find('b')).toEqual({ kind: 'begun', at: 6 });
  expect(again.dropped).toBe(0);
  await again.close();
});

test('a file that was cut at any byte keeps every line that is whole', async () => {
  const journal = await openJournal(directory);
  await journal.begin('a', 5);
  await journal.end(makeOutcome('a', { message: 'ein Satz: größer — ☃' }));
  await journal.begin('b', 6);
  await journal.close();
  const whole = await readFile(path);
  const [beginA = 0, endA = 0] = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at);
  for (let length = 0; length < whole.length; length += 1) {
    await writeFile(path, whole.subarray(0, length));
    const cut = await openJournal(directory);
    // A line is whole without its newline too.
    const expected = length < beginA ? 'new' : length < endA ? 'begun' : 'ended';
    expect([length, cut.find('a').kind]).toEqual([length, expected]);
    await cut.begin('c', 7);
    await cut.close();
    const after = await openJournal(directory);
    expect(after.find('c')).toEqual({ kind: 'begun', at: 7 });
    await after.close();
  }
});

describe('a process that is killed with SIGKILL', () => {
  test.each([1, 4, 50])('after %i acknowledged lines has lost none of them', async (count) => {
    const acknowledged = await writeUntilKilled(count);
    const journal = await openJournal(directory);
    for (const line of acknowledged) {
      const [kind, number] = line.split(' ');
      const found = journal.find(`order-${number}`);
      expect([line, kind === 'end' ? [found.kind] : ['begun', 'ended']]).toEqual([
        line,
        kind === 'end' ? ['ended'] : expect.arrayContaining([found.kind]),
      ]);
    }
    await journal.close();
  });
});

/** Runs the writer and kills it when it has said `count` lines; all the lines it said. */
function writeUntilKilled(count: number): Promise<string[]> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'journal-writer.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface({ input: writer.stdout }).on('line', (line) => {
    lines.push(line);
    if (lines.length === count) writer.kill('SIGKILL');
  });
  return new Promise((resolve) => writer.on('close', () => resolve(lines)));
}

test('the last 1,000 outcomes are kept, and the file does not grow beyond four times that', async () => {
  const journal = await openJournal(directory);
  for (let number = 0; number < 2_500; number += 1) {
    await journal.begin(`order-${number}`, number);
    await journal.end(makeOutcome(`order-${number}`));
  }
  const check = (journal: Awaited<ReturnType<typeof openJournal>>) => {
    expect(journal.find('order-1499').kind).toBe('new');
    expect(journal.find('order-1500').kind).toBe('ended');
    expect(journal.find('order-2499').kind).toBe('ended');
  };
  check(journal);
  await journal.close();
  const lines = (await readFile(path, 'utf8')).split('\n').length;
  expect(lines).toBeLessThanOrEqual(4_001);
  const again = await openJournal(directory);
  check(again);
  await again.close();
});

test('what is not a journal is counted and left out, and the rest stays', async () => {
  await writeFile(path, `garbage\n{"kind":"begin","orderId":"a","at":1}\n{"kind":"end"}\n[]\nnull\n`);
  const journal = await openJournal(directory);
  expect(journal.dropped).toBe(4);
  expect(journal.find('a')).toEqual({ kind: 'begun', at: 1 });
  await journal.close();
});

test('a journal that cannot be kept is an error at the start', async () => {
  await chmod(directory, 0o700);
  await expect(openJournal(join(directory, 'missing'))).rejects.toThrow('cannot write');
});
