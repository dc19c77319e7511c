// With real programs: how they end, and that nobody is left behind.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type Command, runCommand } from '../../../shared/runtime/run-command.ts';

const run = (script: string, options: Partial<Command> = {}) =>
  runCommand({ file: 'sh', args: ['-c', script], timeoutMs: 10_000, maxOutputBytes: 65_536, ...options });

/** Whether a process runs; one that has ended and waits for its parent does not. */
async function isRunning(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) [ZX]/.test(stat);
}

describe('runCommand', () => {
  const endings = [
    ['success', 'echo out; echo err >&2', { code: 0, signal: null, stdout: 'out\n', stderr: 'err\n' }],
    ['a failure', 'exit 3', { code: 3, signal: null, stdout: '', stderr: '' }],
    ['a signal', 'kill -KILL $$', { code: null, signal: 'SIGKILL', stdout: '', stderr: '' }],
  ] as const;
  test.each(endings)('resolves with %s as it was', async (_, script, result) => {
    expect(await run(script)).toMatchObject({ ...result, isTimedOut: false });
  });

  test('gives the arguments as they are, to no shell', async () => {
    const args = ['%s|', '$HOME', '; rm -rf x', '`id`', '*', 'a\nb'];
    const { stdout } = await runCommand({ file: 'printf', args, timeoutMs: 10_000, maxOutputBytes: 1000 });
    expect(stdout).toBe('$HOME|; rm -rf x|`id`|*|a\nb|');
  });

  test('the environment is fixed, in English and without what this process has', async () => {
    process.env.MORTAR_TEST_SECRET = 'x';
    const { stdout } = await run('env; pwd', { env: { EXTRA: '1' } });
    delete process.env.MORTAR_TEST_SECRET;
    expect(stdout).toContain('LC_ALL=C\n');
    expect(stdout).toContain('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n');
    expect(stdout).toContain('EXTRA=1\n');
    expect(stdout).not.toContain('MORTAR_TEST_SECRET');
    expect(stdout.endsWith('\n/\n')).toBe(true);
  });

  test('the input is given, and a program that does not read it is no error', async () => {
    const input = 'x'.repeat(1_000_000);
    expect(await run('wc -c', { input })).toMatchObject({ code: 0, stdout: '1000000\n' });
    expect(await run('exit 0', { input })).toMatchObject({ code: 0 });
  });

  test('without input the program finds the end of it', async () => {
    expect(await run('cat; echo end')).toMatchObject({ stdout: 'end\n' });
  });

  test('at its limit the whole group is stopped, grandchildren too, and what was written is kept', async () => {
    const result = await run('sleep 1000 & echo $!; sh -c "sleep 1000 & echo \\$!; wait" & wait', {
      timeoutMs: 300,
    });
    expect(result).toMatchObject({ isTimedOut: true, code: null, signal: 'SIGTERM' });
    const pids = result.stdout.trim().split('\n');
    expect(pids).toHaveLength(2);
    expect(await Promise.all(pids.map(isRunning))).toEqual([false, false]);
  });

  test('who ignores SIGTERM gets SIGKILL, also when its parent has gone', async () => {
    const result = await run('(trap "" TERM; echo ready; while :; do sleep 0.05; done) & echo $!; wait', {
      timeoutMs: 300,
    });
    const pid = /\d+/.exec(result.stdout)?.[0] ?? '';
    expect(result.isTimedOut).toBe(true);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test('too much output stops it with a code', async () => {
    const attempt = run('echo $$ >&2; while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done', {
      maxOutputBytes: 10_000,
    });
    await expect(attempt).rejects.toMatchObject({ code: 'output-too-large' });
  });

  test('a daemon that it leaves behind with its output open is neither waited for nor stopped', async () => {
    const result = await run('setsid sleep 1000 & echo $!');
    const pid = result.stdout.trim();
    expect(result.code).toBe(0);
    expect(await isRunning(pid)).toBe(true);
    process.kill(Number(pid));
  });

  test('an abort stops it, before the start and during it', async () => {
    const abort = new AbortController();
    const attempt = run('sleep 1000', { signal: abort.signal });
    abort.abort();
    await expect(attempt).rejects.toMatchObject({ code: 'command-failed' });
    await expect(run('sleep 1000', { signal: abort.signal })).rejects.toMatchObject({
      code: 'command-failed',
    });
  });

  test('a program that is not there is refused by name', async () => {
    const attempt = runCommand({
      file: 'no-such-program',
      args: ['x'],
      timeoutMs: 1000,
      maxOutputBytes: 1000,
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'command-failed',
      message: 'cannot run no-such-program x',
      cause: { code: 'ENOENT' },
    });
  });
});
