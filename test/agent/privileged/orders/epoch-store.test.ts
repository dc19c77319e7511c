// The highest epoch, kept over restarts and never guessed.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEpochStore } from '../../../../agent/privileged/orders/epoch-store.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortar-epoch-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('it is 0 before the first order and stays over a restart', async () => {
  const store = await openEpochStore(directory);
  expect(store.highest()).toBe(0);
  await store.raise(7);
  expect((await openEpochStore(directory)).highest()).toBe(7);
});

test('a lower epoch changes nothing', async () => {
  const store = await openEpochStore(directory);
  await store.raise(7);
  await store.raise(6);
  expect(store.highest()).toBe(7);
  expect(await readFile(join(directory, 'epoch'), 'utf8')).toBe('7\n');
});

test('an epoch that cannot be written is not obeyed', async () => {
  const store = await openEpochStore(join(directory, 'missing'));
  await expect(store.raise(7)).rejects.toThrow('cannot write');
  expect(store.highest()).toBe(0);
});

test.each(['', 'seven\n', '-1\n', '7', '7\n8\n', '1e9\n', '99999999999999999999\n'])(
  'a file that holds %j stops the process instead of counting as 0',
  async (text) => {
    await writeFile(join(directory, 'epoch'), text);
    await expect(openEpochStore(directory)).rejects.toThrow('does not hold an epoch');
  },
);
