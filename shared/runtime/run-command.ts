// Runs a program with an argument list, never through a shell. The program leads a process group of its own, and what
// has to be stopped is stopped as a whole group: `gluster` has children, and a child that stays would keep its lock.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { MortarError, systemCodeOf } from '../lib/errors.ts';
import { delay, settlesWithin } from './delay.ts';

export interface Command {
  /** A name that is looked up in the fixed PATH, or an absolute path. */
  file: string;
  args: readonly string[];
  timeoutMs: number;
  /** Standard output and standard error together. */
  maxOutputBytes: number;
  input?: string;
  /** Added to PATH and LC_ALL; nothing is inherited from this process. */
  env?: Readonly<Record<string, string>>;
  /** Stops the command when it aborts. */
  signal?: AbortSignal;
}

export interface CommandResult {
  /** Null when the program was ended by a signal. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Whether it was stopped at its limit. What it was doing may have been done or not. */
  isTimedOut: boolean;
  durationMs: number;
}

export type RunCommand = typeof runCommand;

/** Debian's root path: mkfs, ip and nft live in sbin. */
const commandPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** How long the group has between SIGTERM and SIGKILL to tidy up. */
const graceMs = 2_000;
/** How often a stopping group is looked at; most programs end within a few ms of SIGTERM. */
const lookEveryMs = 20;
/** After the program's exit its output is in the pipes already; only a daemon that it left behind holds them open longer. */
const drainMs = 250;

/**
 * Runs `command` and resolves with how it ended, whatever its exit code. Throws MortarError: `command-failed` when it
 * cannot be started or `signal` aborted, `output-too-large` when it wrote more than it may; then it has been stopped.
 */
export async function runCommand(command: Command): Promise<CommandResult> {
  if (command.signal?.aborted) throw aborted(command);
  const startedAt = performance.now();
  const child = spawn(command.file, [...command.args], {
    cwd: '/',
    env: { PATH: commandPath, LC_ALL: 'C', ...command.env },
    detached: true,
    stdio: 'pipe',
  });
  const output = collectOutput(child, command.maxOutputBytes);
  const exit = waitForExit(child, command);
  feed(child, command.input);

  const limit = new AbortController();
  const cause = await Promise.race([
    exit.then(() => 'ended' as const),
    output.tooLarge.then(() => 'too-large' as const),
    delay(command.timeoutMs, limit.signal).then(() => 'timed-out' as const),
    abortOf(command.signal, limit.signal).then(() => 'aborted' as const),
  ]).finally(() => limit.abort());
  if (cause !== 'ended' && child.pid !== undefined) await stopGroup(child.pid);

  const { code, signal } = cause === 'ended' ? await exit : await exitAfterStop(exit);
  await output.drained();
  if (cause === 'aborted') throw aborted(command);
  if (cause === 'too-large') {
    throw new MortarError(
      'output-too-large',
      `${describe(command)} wrote more than ${command.maxOutputBytes} bytes and was stopped`,
    );
  }
  return {
    code,
    signal,
    stdout: output.stdout(),
    stderr: output.stderr(),
    isTimedOut: cause === 'timed-out',
    durationMs: performance.now() - startedAt,
  };
}

function waitForExit(child: ChildProcessWithoutNullStreams, command: Command) {
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new MortarError('command-failed', `cannot run ${describe(command)}`, { cause })),
    );
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** A program that even SIGKILL did not end hangs in the kernel; nobody may hang with it. */
async function exitAfterStop(exit: ReturnType<typeof waitForExit>) {
  return (await settlesWithin(exit, graceMs)) ?? { code: null, signal: 'SIGKILL' as const };
}

function feed(child: ChildProcessWithoutNullStreams, input: string | undefined): void {
  // A program that does not read its input is no error: its exit code says how it went.
  child.stdin.on('error', () => child.stdin.destroy());
  child.stdin.end(input ?? '');
}

function collectOutput(child: ChildProcessWithoutNullStreams, maxBytes: number) {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const tooLarge = Promise.withResolvers<void>();
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let bytes = 0;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) tooLarge.resolve();
      else chunks[name].push(chunk);
    });
  }
  return {
    tooLarge: tooLarge.promise,
    async drained(): Promise<void> {
      await settlesWithin(closed, drainMs);
      child.stdout.destroy();
      child.stderr.destroy();
    },
    stdout: () => Buffer.concat(chunks.stdout).toString('utf8'),
    stderr: () => Buffer.concat(chunks.stderr).toString('utf8'),
  };
}

/**
 * SIGTERM to the whole group `pid`, and SIGKILL after the grace time to what is left. The number cannot name strangers:
 * the kernel gives no process an id that is still a group's, and an empty group ends the loop.
 */
async function stopGroup(pid: number): Promise<void> {
  const killAt = performance.now() + graceMs;
  let isThere = signalGroup(pid, 'SIGTERM');
  while (isThere && performance.now() < killAt) {
    await delay(lookEveryMs);
    isThere = signalGroup(pid, 0);
  }
  if (isThere) signalGroup(pid, 'SIGKILL');
}

/** Whether there was a process in the group that `signal` could be sent to. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if (['ESRCH', 'EPERM'].includes(systemCodeOf(error) ?? '')) return false;
    throw error;
  }
}

/** Resolves when `signal` aborts, if ever; stops listening when `until` does. */
function abortOf(signal: AbortSignal | undefined, until: AbortSignal): Promise<void> {
  return new Promise((resolve) =>
    signal?.addEventListener('abort', () => resolve(), { once: true, signal: until }),
  );
}

function aborted(command: Command): MortarError {
  return new MortarError('command-failed', `${describe(command)} was stopped, because its caller was`);
}

/** At most 200 characters, which name any command; a list of a thousand bricks is no help. */
function describe(command: Command): string {
  const line = [command.file, ...command.args].join(' ');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
