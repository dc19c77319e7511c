// Runs a few lines of TypeScript in a process of its own, for what only a whole process can show: signals, exit codes
// and what it wrote before it died.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { present } from '../../shared/lib/assert.ts';

export interface ScriptProcess {
  child: ChildProcess;
  /** Resolves when the script has written `words` to its standard output; rejects when it ended without. */
  says(words: string): Promise<void>;
  /** Resolves with its end and with everything that it wrote. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }>;
}

/** Starts `script`, in which imports such as './shared/lib/assert.ts' are relative to the root of the project. */
export function runScript(script: string, env: Record<string, string> = {}): ScriptProcess {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, output }));
  return {
    child,
    ended,
    says: (words) =>
      new Promise((resolve, reject) => {
        const look = () => output.includes(words) && resolve();
        listeners.add(look);
        look();
        void ended.then((end) =>
          reject(new Error(`ended with ${end.code ?? end.signal}: ${present(end.output, 'output')}`)),
        );
      }),
  };
}
