// glusterd's files on disk, captured from a real server and then damaged.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStore } from '../../../agent/privileged/read-store.ts';
import { makeGlusterdStore, peers } from './glusterd-store.ts';

let directory: string;
beforeEach(() => {
  directory = makeGlusterdStore();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('the volumes, whose bricks they are, and their generation are read', async () => {
  expect(await readStore(directory)).toEqual({
    uuid: peers[0],
    volumes: [
      {
        name: 'rep',
        id: '748d9401-d47a-491c-9951-64c83628e3cf',
        version: 4,
        checksum: 865628872,
        bricks: peers.map((peer, at) => ({ host: `fx${at + 1}`, path: '/b/b/rep', peer })),
      },
    ],
  });
});

test('the password of a volume is not among what is read', async () => {
  expect(JSON.stringify(await readStore(directory))).not.toContain('00000000-0000-0000-0000-000000000000');
});

test('what a failed volume create leaves is no volume, and a half-written file is not read', async () => {
  mkdirSync(join(directory, 'vols/ghost/bricks'), { recursive: true });
  writeFileSync(join(directory, 'vols/rep/bricks/fx9:-b.tmp'), 'uuid=x\nhostname=fx9\npath=/b\n');
  const { volumes } = await readStore(directory);
  expect(volumes.map(({ name, bricks }) => [name, bricks.length])).toEqual([['rep', 3]]);
});

test('a volume without a checksum has none, and not 0', async () => {
  rmSync(join(directory, 'vols/rep/cksum'));
  expect((await readStore(directory)).volumes[0]).toMatchObject({ version: 4, checksum: null });
});

test('a server without any volume has none', async () => {
  rmSync(join(directory, 'vols'), { recursive: true });
  expect(await readStore(directory)).toEqual({ uuid: peers[0], volumes: [] });
});

test.each([
  ['glusterd has never run', () => rmSync(join(directory, 'glusterd.info'))],
  ['there is no store', () => rmSync(directory, { recursive: true })],
  ['an info is cut off', () => writeFileSync(join(directory, 'vols/rep/info'), 'type=2\nvers')],
  [
    'an info is a directory',
    () => {
      rmSync(join(directory, 'vols/rep/info'));
      mkdirSync(join(directory, 'vols/rep/info'));
    },
  ],
])('it is an error where %s', async (_, damage) => {
  damage();
  await expect(readStore(directory)).rejects.toMatchObject({ code: 'bad-output' });
});
