// Mortar on a lab: the coordinator as a process of this machine, both agent processes as systemd units on each server,
// from the same bundles and units that the packages carry. Tests, benches and the demo start it the same way.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleAgent } from '../../packaging/bundle.ts';
import { findNatsServer } from '../../packaging/nats-server.ts';
import { present } from '../../shared/lib/assert.ts';
import { MortarError } from '../../shared/lib/errors.ts';
import { createLab, type Lab, type LabOptions } from './lab.ts';
import { labDirectory } from './lab-record.ts';
import type { Server } from './server.ts';

const root = new URL('../..', import.meta.url).pathname;
const natsPort = 4222;

/** An answer of the API: what a test reads of it is checked by what it then expects. */
// biome-ignore lint/suspicious/noExplicitAny: the API's own tests hold its answers against their schemas
type Answer = any;

export interface MortarLab {
  readonly lab: Lab;
  /** The coordinator's HTTP API, without a slash at the end. */
  readonly url: string;
  readonly natsUrl: string;
  /** Where the coordinator keeps its state and its log on this machine. */
  readonly directory: string;
  /** The slots that each server offers. */
  readonly slots: readonly string[];
  readonly coordinator: () => ChildProcess;
  get<T = Answer>(path: string): Promise<T>;
  send<T = Answer>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }>;
  /** Calls `question` until it answers something that is not null or false; asks each 100 ms. */
  until<T>(what: string, question: () => Promise<T | null | false>, limitMs?: number): Promise<T>;
  startCoordinator(): Promise<void>;
  stopCoordinator(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

export interface MortarLabOptions extends LabOptions {
  httpPort?: number;
  /** Mount points of the disks on every server, first disk first: each is formatted, mounted and offered as a slot. */
  slots?: readonly string[];
}

/** Boots servers with glusterd in one pool, formats their disks and starts Mortar; resolves when every server is fresh. */
export async function startMortarLab(options: MortarLabOptions): Promise<MortarLab> {
  const slots = options.slots ?? ['/bricks/b1', '/bricks/b2'];
  const node = await realpath(join(root, 'node_modules/.bin/node'));
  const lab = createLab({
    disks: slots.length,
    ...options,
    binds: [
      { host: node, server: '/usr/lib/mortar/bin/node', readOnly: true },
      { host: join(root, 'test/lab/writer.ts'), server: '/usr/lib/mortar/test/writer.ts', readOnly: true },
      ...(options.binds ?? []),
    ],
  });
  await lab.start();
  const mortar = mortarOn(lab, slots, options.httpPort ?? 0);
  try {
    await Promise.all([
      mortar.startCoordinator(),
      prepareServers(lab, slots),
      bundleAgent(join(mortar.directory, 'bundle')),
    ]);
    const publicKey = await readFile(join(mortar.directory, 'state/coordinator.pub'), 'utf8');
    await Promise.all(lab.servers.map((server) => installAgent(server, mortar, publicKey, slots)));
    await mortar.until('every server to be fresh', async () => {
      const { items } = await mortar.get('/v1/servers');
      return (
        items.length === lab.servers.length && items.every((server: { isFresh: boolean }) => server.isFresh)
      );
    });
    return mortar;
  } catch (error) {
    await mortar.stop();
    throw error;
  }
}

async function prepareServers(lab: Lab, slots: readonly string[]): Promise<void> {
  await Promise.all(
    lab.servers.map(async (server) => {
      for (const [index, mountPoint] of slots.entries()) await server.formatDisk(index + 1, mountPoint);
    }),
  );
  await lab.startGluster();
  await lab.formPool();
}

async function installAgent(
  server: Server,
  mortar: MortarLab,
  publicKey: string,
  slots: readonly string[],
): Promise<void> {
  const config = [
    `name = "${server.name}"`,
    '[nats]',
    `servers = ["${mortar.natsUrl}"]`,
    ...slots.flatMap((path) => ['[[slots]]', `path = "${path}"`]),
  ];
  await server.writeFile('/etc/mortar/agent.toml', `${config.join('\n')}\n`);
  await server.writeFile('/etc/mortar/coordinator.pub', publicKey);
  for (const file of ['agent.mjs', 'privileged.mjs']) {
    await server.writeFile(`/usr/lib/mortar/${file}`, await readFile(join(mortar.directory, 'bundle', file)));
  }
  for (const unit of ['mortar-privileged.service', 'mortar-agent.service']) {
    await server.writeFile(
      `/etc/systemd/system/${unit}`,
      await readFile(join(root, 'packaging/systemd', unit)),
    );
  }
  await server.sh('systemctl daemon-reload; systemctl enable --quiet --now mortar-privileged mortar-agent');
}

function mortarOn(lab: Lab, slots: readonly string[], httpPort: number): MortarLab {
  const directory = join(labDirectory(lab.name), 'coordinator');
  const natsUrl = `nats://${lab.hostAddress}:${natsPort}`;
  // Each lab has a subnet of its own, so its number makes a port of its own.
  const port = httpPort === 0 ? 17_000 + Number(lab.hostAddress.split('.')[2]) : httpPort;
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;

  const mortar: MortarLab = {
    lab,
    url,
    natsUrl,
    directory,
    slots,
    coordinator: () => present(child, 'the coordinator’s process'),
    async get(path) {
      const response = await fetch(url + path, { signal: AbortSignal.timeout(10_000) });
      return (await response.json()) as never;
    },
    async send(method, path, body) {
      const response = await fetch(url + path, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        signal: AbortSignal.timeout(10_000),
      });
      return { status: response.status, body: (await response.json()) as never };
    },
    async until(what, question, limitMs = 60_000) {
      const deadline = performance.now() + limitMs;
      let lastError: unknown;
      while (performance.now() < deadline) {
        try {
          const answer = await question();
          if (answer !== null && answer !== false) return answer;
        } catch (error) {
          lastError = error;
        }
        await sleep(100);
      }
      throw new MortarError('command-timed-out', `waited ${limitMs} ms for ${what}`, { cause: lastError });
    },
    async startCoordinator() {
      await mkdir(join(directory, 'state'), { recursive: true });
      const config = join(directory, 'coordinator.toml');
      const lines = [
        `state_directory = "${join(directory, 'state')}"`,
        '[nats]',
        `host = "${lab.hostAddress}"`,
        `port = ${natsPort}`,
        `binary = "${await findNatsServer()}"`,
        '[http]',
        `port = ${port}`,
      ];
      await writeFile(config, `${lines.join('\n')}\n`);
      const log = createWriteStream(join(directory, 'coordinator.log'), { flags: 'a' });
      // setpriv: the coordinator must not outlive this process, however that ends.
      const command = [
        '--pdeathsig',
        'TERM',
        process.execPath,
        join(root, 'coordinator/main.ts'),
        '--config',
        config,
      ];
      const env = { ...process.env, ...lab.environment };
      // A process group of its own: Ctrl-C in a terminal is for this process, which then stops the coordinator.
      child = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true });
      child.stdout?.pipe(log);
      child.stderr?.pipe(log);
      await mortar.until('the coordinator to answer', async () => (await fetch(`${url}/readyz`)).ok, 30_000);
    },
    async stopCoordinator(signal = 'SIGTERM') {
      const stopping = child;
      if (stopping === null || stopping.exitCode !== null || stopping.signalCode !== null) return;
      const ended = new Promise((resolve) => stopping.once('exit', resolve));
      stopping.kill(signal);
      await ended;
    },
    async stop() {
      await mortar.stopCoordinator();
      await lab.stop();
    },
  };
  return mortar;
}
