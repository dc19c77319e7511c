// The coordinator's own NATS server: a child process with generated configuration, in a process group of its own so
// that Ctrl-C reaches the coordinator first. When it dies it is started again, for ever; when it cannot be started the
// first time, that is an error, because then something is wrong that only a person can mend.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { MortarError } from '../../shared/lib/errors.ts';
import { maxMessageBytes } from '../../shared/protocol/messages.ts';
import { delay, settlesWithin } from '../../shared/runtime/delay.ts';
import { writeFileDurably } from '../../shared/runtime/files.ts';
import type { Log } from '../../shared/runtime/log.ts';
import { endLeftovers, natsArguments, newServerName } from './nats-leftovers.ts';
import { readServerName } from './nats-server-name.ts';

export interface NatsServerOptions {
  /** The path of the program, or its name, which is looked for in PATH. */
  binary: string;
  /** Where its configuration is written. */
  stateDirectory: string;
  host: string;
  port: number;
  log: Log;
  /** Called with a sentence each time it dies by itself; it is being started again then. */
  onExit?: (reason: string) => void;
}

export interface NatsServer {
  /** Where the coordinator reaches it. */
  url: string;
  stop(): Promise<void>;
}

/** It listens within 100 ms; on a machine that is swapping, not much later than this. */
const startLimitMs = 10_000;
const lookEveryMs = 20;
const stopLimitMs = 2_000;
/** Delays before it is started again; 30 s at most, so that a port that becomes free is soon used. */
const firstDelayMs = 200;
const longestDelayMs = 30_000;
/** One that ran this long was well: the next death is a new one and not a part of a series. */
const steadyAfterMs = 60_000;
/** Anyone on the network can make it complain; more than this per minute go to the debug level. */
const warningsPerMinute = 20;

/**
 * Starts a NATS server and keeps it running until `stop`. Resolves when it accepts connections. Throws MortarError:
 * `bad-config` when there is no such program, `conflict` when the port is taken, `internal` when it does not start.
 */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const { host, port, log } = options;
  const binary = await findNatsBinary(options.binary);
  const configPath = join(resolve(options.stateDirectory), 'nats-server.conf');
  await mkdir(options.stateDirectory, { recursive: true, mode: 0o750 });
  const ended = await endLeftovers(configPath);
  if (ended.length > 0) log.warn({ pids: ended }, 'ended the NATS server of an earlier coordinator');
  await writeFileDurably(configPath, configText(host, port), { mode: 0o640 });

  const keeper = new Keeper(options, binary, configPath);
  await keeper.start();
  void keeper.keep();
  return { url: `nats://${reachable(host)}:${port}`, stop: () => keeper.stop() };
}

/** No JetStream: nothing of Mortar is kept in NATS. It logs to standard error, which the coordinator reads. */
function configText(host: string, port: number): string {
  return [
    '# Written by mortar-coordinator at each start; changes are lost.',
    `host: ${JSON.stringify(host)}`,
    `port: ${port}`,
    `max_payload: ${maxMessageBytes}`,
    '',
  ].join('\n');
}

/** An address that means "all of mine" is reached at the loopback; one of IPv6 stands in brackets. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * The path of the program `binary`: itself when it is a path, else the first of that name in `directories`, which are
 * PATH and Debian's /usr/sbin, which a person's PATH lacks. Throws MortarError('bad-config') when there is none.
 */
export async function findNatsBinary(
  binary: string,
  directories: readonly string[] = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'],
): Promise<string> {
  const places = directories.filter((directory) => directory.startsWith('/'));
  const candidates = binary.includes('/') ? [binary] : places.map((directory) => join(directory, binary));
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  throw new MortarError(
    'bad-config',
    `there is no ${binary}: install the package nats-server, or set nats.url`,
  );
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

interface Running {
  child: ChildProcess;
  startedAt: number;
  /** Resolves when it has ended, with the last that it said. */
  ended: Promise<string>;
}

class Keeper {
  readonly #options: NatsServerOptions;
  readonly #binary: string;
  readonly #configPath: string;
  readonly #stopping = new AbortController();
  #running: Running | null = null;
  #warnings = { since: 0, count: 0 };

  constructor(options: NatsServerOptions, binary: string, configPath: string) {
    this.#options = options;
    this.#binary = binary;
    this.#configPath = configPath;
  }

  /** Starts it once; resolves when it listens. */
  async start(): Promise<void> {
    const { host, port } = this.#options;
    const name = newServerName();
    const running = this.#spawn(name);
    this.#running = running;
    const listening = new AbortController();
    const outcome = await Promise.race([
      running.ended.then((lastWords) => ({ isUp: false, lastWords })),
      this.#listens(name, listening.signal).then((isUp) => ({ isUp, lastWords: 'it does not answer' })),
    ]).finally(() => listening.abort());
    if (outcome.isUp) return;
    await this.#end();
    if (/address already in use/.test(outcome.lastWords)) {
      throw new MortarError(
        'conflict',
        `port ${port} of ${host} is in use by another program: stop that one, or choose another port or nats.url`,
      );
    }
    throw new MortarError('internal', `nats-server does not start: ${outcome.lastWords}`);
  }

  /** Starts it again whenever it dies; returns after `stop`. */
  async keep(): Promise<void> {
    let failures = 0;
    for (;;) {
      const running = this.#running;
      const lastWords = running ? await running.ended : 'it did not start';
      if (this.#stopping.signal.aborted) return;
      if (running) {
        if (performance.now() - running.startedAt >= steadyAfterMs) failures = 0;
        this.#running = null;
        this.#options.log.error({ lastWords }, 'nats-server died, starting it again');
        this.#options.onExit?.(`nats-server died: ${lastWords}`);
      }
      await delay(
        Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 16)),
        this.#stopping.signal,
      );
      if (this.#stopping.signal.aborted) return;
      failures += 1;
      try {
        await this.start();
        this.#options.log.info({}, 'nats-server is up again');
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#options.log.error({ error, failures }, 'nats-server could not be started again');
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#end();
  }

  async #end(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.child.kill('SIGTERM');
    if ((await settlesWithin(running.ended, stopLimitMs)) === undefined) {
      running.child.kill('SIGKILL');
      await settlesWithin(running.ended, stopLimitMs);
    }
    if (this.#running === running) this.#running = null;
  }

  #spawn(name: string): Running {
    const child = spawn(this.#binary, natsArguments(this.#configPath, name), {
      cwd: '/',
      detached: true,
      // Its own configuration names no variable; what is passed on lets whoever started us find it among its children.
      env: process.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // However this process ends, short of SIGKILL, its server ends with it; after a SIGKILL the next start ends it.
    const endWithUs = () => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    child.once('close', () => process.off('exit', endWithUs));
    let lastWords = 'it said nothing';
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastWords = line.replace(/^\[\d+\] \S+ \S+ /, '').slice(0, 500);
      this.#repeat(lastWords);
    });
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', () => resolve(lastWords));
    });
    return { child, startedAt: performance.now(), ended };
  }

  /** A line of its log, as one of ours. */
  #repeat(line: string): void {
    const now = performance.now();
    if (now - this.#warnings.since > 60_000) this.#warnings = { since: now, count: 0 };
    const isWarning = /^\[(WRN|ERR|FTL)\]/.test(line) && this.#warnings.count < warningsPerMinute;
    if (isWarning) this.#warnings.count += 1;
    this.#options.log[isWarning ? 'warn' : 'debug']({ line }, 'nats-server says');
  }

  /** Whether the server called `name` accepts connections, before the limit or `signal`; another on the port does not count. */
  async #listens(name: string, signal: AbortSignal): Promise<boolean> {
    const { host, port } = this.#options;
    const until = performance.now() + startLimitMs;
    while (performance.now() < until && !signal.aborted) {
      if ((await readServerName(reachable(host), port)) === name) return true;
      await delay(lookEveryMs, signal);
    }
    return false;
  }
}
