// Ends the NATS server of an earlier coordinator that was killed and could not stop it. A process is ours only if it
// was started with our own configuration file, and a leftover only if the coordinator that started it is gone: its
// parent is then another process than the one that its name tells.
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { MortarError, systemCodeOf } from '../../shared/lib/errors.ts';
import { delay } from '../../shared/runtime/delay.ts';

/** nats-server closes its connections and ends within ms; after this it is killed. */
const graceMs = 2_000;
const lookEveryMs = 20;

/** The arguments of a server of ours: the coordinator's pid is in its name. */
export function natsArguments(configPath: string, serverName: string): string[] {
  return ['--config', configPath, '--name', serverName];
}

/** A new name for a server that this process starts. */
export function newServerName(): string {
  return `mortar-${process.pid}-${crypto.randomUUID()}`;
}

/**
 * Ends every leftover that was started with the configuration at `configPath`, so that its port is free, and returns
 * their pids. Throws MortarError('conflict') when a living coordinator runs one.
 */
export async function endLeftovers(configPath: string): Promise<number[]> {
  const ended: number[] = [];
  for (const entry of await readdir('/proc')) {
    const owner = /^\d+$/.test(entry) ? await ownerOf(entry, configPath) : null;
    if (owner === null) continue;
    if (owner === (await parentOf(entry))) {
      throw new MortarError(
        'conflict',
        `another coordinator (pid ${owner}) runs with the same state directory`,
      );
    }
    await end(Number(entry), configPath);
    ended.push(Number(entry));
  }
  return ended;
}

/** The pid of the coordinator that started process `pid`, or null when that is no NATS server of ours. */
async function ownerOf(pid: string, configPath: string): Promise<number | null> {
  const [program = '', ...args] = (await readProc(pid, 'cmdline')).split('\0');
  const name = /^mortar-(\d+)-[0-9a-f-]+$/.exec(args[3] ?? '');
  if (!name || !basename(program).startsWith('nats-server')) return null;
  const isOurs = natsArguments(configPath, name[0]).every((argument, index) => args[index] === argument);
  return isOurs ? Number(name[1]) : null;
}

async function parentOf(pid: string): Promise<number | null> {
  const match = /^PPid:\s*(\d+)$/m.exec(await readProc(pid, 'status'));
  return match ? Number(match[1]) : null;
}

async function end(pid: number, configPath: string): Promise<void> {
  const killAt = performance.now() + graceMs;
  kill(pid, 'SIGTERM');
  while ((await ownerOf(String(pid), configPath)) !== null) {
    if (performance.now() > killAt + graceMs) return;
    if (performance.now() > killAt) kill(pid, 'SIGKILL');
    await delay(lookEveryMs);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if (systemCodeOf(cause) === 'ESRCH') return;
    throw new MortarError('conflict', `cannot end the NATS server of an earlier coordinator (pid ${pid})`, {
      cause,
    });
  }
}

/** A file of /proc about a process; empty when the process is gone, as a zombie's cmdline is. */
function readProc(pid: string, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}
