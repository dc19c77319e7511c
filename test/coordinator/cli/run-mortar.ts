// The `mortar` command as a real child process, as a person's shell would start it: no terminal, an environment of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const program = new URL('../../../coordinator/cli/main.ts', import.meta.url).pathname;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `mortar` with `args`; `url` becomes MORTAR_URL. */
export async function runMortar(
  args: readonly string[],
  options: { url?: string; input?: string } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    env: options.url === undefined ? {} : { MORTAR_URL: options.url },
    stdio: 'pipe',
  });
  child.stdin.end(options.input ?? '');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}
