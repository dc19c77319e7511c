// The fingerprint over real directories: replacing a file, as glusterd does, changes it.
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemFiles } from '../../../agent/observe/files.ts';
import { createStoreReader } from '../../../agent/observe/gluster-store.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortar-store-'));
  mkdirSync(join(root, 'store/vols/vol1/bricks'), { recursive: true });
  mkdirSync(join(root, 'store/peers'));
  // Times of long ago, so that the change is not within the same tick of the filesystem's clock.
  for (const path of ['store/vols', 'store/vols/vol1', 'store/vols/vol1/bricks', 'store/peers'])
    utimesSync(join(root, path), 1, 1);
});
beforeEach(() => {
  read = createStoreReader(systemFiles, { store: join(root, 'store'), run: join(root, 'run') });
});
afterEach(() => rmSync(root, { recursive: true }));

let read: () => Promise<string>;

function replace(path: string, text: string): void {
  writeFileSync(join(root, `${path}.tmp`), text);
  renameSync(join(root, `${path}.tmp`), join(root, path));
}

test('it stays while nothing changes', async () => {
  expect(await read()).toBe(await read());
});

test.each([['store/vols/vol1/info'], ['store/peers/00000000-0000-4000-8000-000000000001']])(
  'it differs after %s was replaced',
  async (path) => {
    const before = await read();
    replace(path, 'new');
    expect(await read()).not.toBe(before);
  },
);

test('it differs after a volume was made, and after a brick left its number', async () => {
  const before = await read();
  mkdirSync(join(root, 'store/vols/vol2'));
  const withVolume = await read();
  mkdirSync(join(root, 'run/vol2'), { recursive: true });
  expect(new Set([before, withVolume, await read()]).size).toBe(3);
});

test('it is empty where there is no glusterd', async () => {
  rmSync(join(root, 'store'), { recursive: true });
  expect(await read()).toBe('');
});
