// What stands where the socket should be: only what nobody listens on any more is taken away.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeStaleSocket } from '../../../../agent/privileged/socket/remove-stale-socket.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortar-stale-'));
  path = join(directory, 'socket');
});
afterEach(() => rm(directory, { recursive: true }));

test('the socket of a run that was killed is taken away', async () => {
  const script =
    'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, 9))';
  spawnSync(process.execPath, ['-e', script, path]);
  expect((await stat(path)).isSocket()).toBe(true);
  await removeStaleSocket(path);
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

test('a socket that somebody answers on stays', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(path, resolve));
  await expect(removeStaleSocket(path)).rejects.toMatchObject({ code: 'conflict' });
  expect((await stat(path)).isSocket()).toBe(true);
  await new Promise((resolve) => other.close(resolve));
});

test('a file that is no socket stays', async () => {
  await writeFile(path, 'precious');
  await expect(removeStaleSocket(path)).rejects.toMatchObject({ code: 'conflict' });
  expect(await readFile(path, 'utf8')).toBe('precious');
});

test('where nothing is, there is nothing to do', async () => {
  await removeStaleSocket(path);
});
