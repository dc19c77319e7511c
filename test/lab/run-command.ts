// Runs a program on this machine with an argument list, never through a shell. A child that leaves a daemon behind
// keeps its output pipes open for ever, so the end is the program's exit, not the closing of its pipes.
import { spawn, spawnSync } from 'node:child_process';
import { MortarError } from '../../shared/lib/errors.ts';

export type CommandResult = { code: number; stdout: string; stderr: string };
export type CommandOptions = { timeoutMs?: number; input?: string | Buffer; env?: Record<string, string> };

/** Debian installs tools such as losetup in /usr/sbin, which is not in every root shell's PATH. */
export const toolPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The longest that any command of the lab takes by itself (a debootstrap over a slow line) is far below this. */
const defaultTimeoutMs = 600_000;
/** More output than this is a mistake in a test, not something to read. */
const maxOutputBytes = 64 * 1024 * 1024;
/** What a program wrote before it exited is in its pipes already; this only bounds the wait for a daemon's copy of them. */
const drainMs = 250;

/**
 * Runs `command` and resolves with its exit code (128 + signal number is not used: a signal gives -1) and output.
 * Throws `command-failed` when it cannot be started, `command-timed-out` after `timeoutMs`, `output-too-large`.
 */
export async function runCommand(
  command: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [program = '', ...args] = command;
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const child = spawn(program, args, { env: environment(options.env), stdio: 'pipe' });
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let sizeBytes = 0;
  return new Promise((resolve, reject) => {
    const fail = (error: MortarError) => {
      child.kill('SIGKILL');
      settle(() => reject(error));
    };
    const timer = setTimeout(
      () =>
        fail(new MortarError('command-timed-out', `${describe(command)} took longer than ${timeoutMs} ms`)),
      timeoutMs,
    );
    let drain: NodeJS.Timeout | undefined;
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      clearTimeout(drain);
      child.stdout.destroy();
      child.stderr.destroy();
      finish();
    };
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > maxOutputBytes) {
        fail(
          new MortarError('output-too-large', `${describe(command)} wrote more than ${maxOutputBytes} bytes`),
        );
      } else into.push(chunk);
    };
    const done = (code: number | null) =>
      settle(() => resolve({ code: code ?? -1, stdout: text(output.stdout), stderr: text(output.stderr) }));
    child.stdout.on('data', collect(output.stdout));
    child.stderr.on('data', collect(output.stderr));
    child.on('error', (cause) =>
      settle(() => reject(new MortarError('command-failed', `cannot run ${program}`, { cause }))),
    );
    child.on('exit', (code) => {
      drain = setTimeout(() => done(code), drainMs);
    });
    child.on('close', done);
    // A program that does not read its input closes the pipe: its exit code says what is wrong, EPIPE adds nothing.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** Like runCommand, but throws `command-failed` with what the program said unless it ended with code 0. Gives its stdout. */
export async function mustRun(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  return mustHaveSucceeded(command, await runCommand(command, options));
}

/** The stdout of a result with code 0; throws `command-failed` with the last lines of what it said otherwise. */
export function mustHaveSucceeded(command: readonly string[], result: CommandResult): string {
  if (result.code === 0) return result.stdout;
  const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-12).join('\n');
  throw new MortarError('command-failed', `${describe(command)} ended with code ${result.code}: ${said}`);
}

/**
 * The same, blocking: for teardown, which must also work in an exit handler, where nothing asynchronous runs any more.
 * Takes 10 s at most. A program that cannot be started gives code -1.
 */
export function runCommandSync(command: readonly string[]): CommandResult {
  const [program = '', ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    env: environment({}),
    encoding: 'utf8',
    timeout: 10_000,
  });
  return { code: status ?? -1, stdout: stdout ?? '', stderr: error?.message ?? stderr ?? '' };
}

/** `runCommandSync`, throwing `command-failed` unless the code is 0. Gives its stdout. */
export function mustRunSync(command: readonly string[]): string {
  return mustHaveSucceeded(command, runCommandSync(command));
}

function environment(extra: Record<string, string> | undefined): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C.UTF-8', PATH: toolPath, ...extra };
}

function describe(command: readonly string[]): string {
  const line = command.join(' ');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
