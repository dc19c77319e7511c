// A lock between processes that frees itself when its holder is killed: flock(1) holds it for a `cat` that reads from us,
// and the kernel ends that pipe with our process. A lock file with a process number in it would have to be judged stale.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { MortarError } from '../../shared/lib/errors.ts';

/** Longer than a base image takes to build on a slow line: somebody else may be building the one that we wait for. */
const waitSeconds = 1200;

/** Runs `work` while no other process or task holds the lock of `path`. Throws `conflict` after 20 minutes of waiting. */
export async function withFileLock<T>(path: string, work: () => Promise<T> | T): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const script = 'echo held; exec cat >/dev/null';
  const holder = spawn('flock', ['--wait', `${waitSeconds}`, path, 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Of its own group: Ctrl-C in a terminal must not free the lock while our own handlers still clear up.
    detached: true,
  });
  const ended = once(holder, 'exit');
  const held = await Promise.race([once(holder.stdout, 'data').then(() => true), ended.then(() => false)]);
  if (!held) throw new MortarError('conflict', `${path} is held by another run for over ${waitSeconds} s`);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
