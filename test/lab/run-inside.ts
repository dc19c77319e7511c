// Runs a command inside a server by entering all namespaces of its init process, as root, with a clean environment.
import { MortarError } from '../../shared/lib/errors.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { type CommandResult, runCommand, toolPath } from './run-command.ts';

export type RunOptions = { timeoutMs?: number; input?: string | Buffer };

/** Enough for the slowest gluster command (its own limit is two minutes). */
const defaultTimeoutMs = 150_000;
/** How much longer than the command itself nsenter may take before it is given up too. */
const graceMs = 2_000;

/** Runs `command` in the server of this init process. Throws `command-timed-out` after `timeoutMs`, having killed it in the server. */
export async function runInside(
  init: ProcessIdentity,
  command: readonly string[],
  { timeoutMs = defaultTimeoutMs, input = '' }: RunOptions = {},
): Promise<CommandResult> {
  const startMs = performance.now();
  // The limit is kept inside the server: killing nsenter would leave the command running there.
  const limited = ['timeout', '--signal=KILL', `${timeoutMs / 1000}`, ...command];
  const result = await runCommand(enterCommand(init, limited), { timeoutMs: timeoutMs + graceMs, input });
  if (result.code !== 0 && performance.now() - startMs >= timeoutMs) {
    const line = command.join(' ').slice(0, 200);
    throw new MortarError('command-timed-out', `${line} took longer than ${timeoutMs} ms`);
  }
  return result;
}

/** The command of this machine that runs `command` in the server of this init process. */
export function enterCommand(init: ProcessIdentity, command: readonly string[]): string[] {
  const enter = ['nsenter', '--all', '--target', `${init.pid}`, '--'];
  const clean = [
    'env',
    '--ignore-environment',
    '--chdir=/',
    `PATH=${toolPath}`,
    'HOME=/root',
    'LC_ALL=C.UTF-8',
  ];
  return [...enter, ...clean, ...command];
}
