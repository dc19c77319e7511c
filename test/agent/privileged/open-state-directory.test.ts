// The state of this process belongs to it alone.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStateDirectory } from '../../../agent/privileged/open-state-directory.ts';

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortar-state-'));
  directory = join(root, 'privileged');
});
afterEach(() => rmSync(root, { recursive: true }));

test('it is made where it is missing, with an empty place for scratch files that nobody else can read', async () => {
  const scratch = await openStateDirectory(directory);
  expect(statSync(scratch).mode & 0o777).toBe(0o700);
  writeFileSync(join(scratch, 'left'), 'by a killed run');
  writeFileSync(join(directory, 'epoch'), '7\n');
  expect(await openStateDirectory(directory)).toBe(scratch);
  expect(existsSync(join(scratch, 'left'))).toBe(false);
  expect(existsSync(join(directory, 'epoch'))).toBe(true);
});

test.each([
  ['it', () => directory],
  ['the directory that it lies in', () => root],
])('it is refused when %s can be written to by a group or by everybody', async (_, path) => {
  mkdirSync(directory);
  for (const mode of [0o775, 0o757]) {
    chmodSync(path(), mode);
    await expect(openStateDirectory(directory)).rejects.toMatchObject({ code: 'bad-config' });
  }
});
