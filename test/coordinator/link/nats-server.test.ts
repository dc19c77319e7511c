// With the real program: what it starts, who it ends, and what it says when that does not work.
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findNatsBinary, type NatsServer, startNatsServer } from '../../../coordinator/link/nats-server.ts';
import { readServerName } from '../../../coordinator/link/nats-server-name.ts';
import { findNatsServer } from '../../../packaging/nats-server.ts';
import { connectNatsBus } from '../../../shared/runtime/nats-bus.ts';
import { recordLog } from '../../support/log-recorder.ts';
import { freePort } from '../../support/nats-server-process.ts';
import { runScript } from '../../support/run-script.ts';

let stateDirectory: string;
let port: number;
let binary: string;
let server: NatsServer | null;
beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'mortar-nats-'));
  [port, binary] = await Promise.all([freePort(), findNatsServer()]);
  server = null;
});
afterEach(async () => {
  await server?.stop();
  await rm(stateDirectory, { recursive: true });
});

const { log: quiet } = recordLog();
const start = async (more: Partial<Parameters<typeof startNatsServer>[0]> = {}) => {
  server = await startNatsServer({ binary, stateDirectory, host: '127.0.0.1', port, log: quiet, ...more });
  return server;
};

/** The pids of the NATS servers that run with the configuration in this test's directory. */
async function serverPids(): Promise<number[]> {
  const pids: number[] = [];
  for (const entry of await readdir('/proc')) {
    const cmdline = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (cmdline.includes(`${stateDirectory}/nats-server.conf`)) pids.push(Number(entry));
  }
  return pids;
}

/** A coordinator in a process of its own that has started a NATS server with this test's directory. */
async function otherCoordinator() {
  const options = JSON.stringify({ binary, stateDirectory, host: '127.0.0.1', port });
  const script = runScript(`
    import { startNatsServer } from './coordinator/link/nats-server.ts';
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    await startNatsServer({ ...${options}, log });
    console.log('it listens');
    setInterval(() => {}, 1000);
  `);
  await script.says('it listens');
  return script;
}

describe('startNatsServer', () => {
  test('resolves when the server listens, with a small configuration; stop ends it and frees the port', async () => {
    const { url, stop } = await start();
    expect(url).toBe(`nats://127.0.0.1:${port}`);
    const config = await readFile(join(stateDirectory, 'nats-server.conf'), 'utf8');
    expect(config).toContain(`port: ${port}\nmax_payload: 1048576\n`);
    expect(config).not.toMatch(/jetstream/i);
    expect(await serverPids()).toHaveLength(1);
    await stop();
    expect(await serverPids()).toEqual([]);
    expect(await readServerName('127.0.0.1', port)).toBeNull();
  });

  test('one that is killed comes back, its death is told, and clients connect again', async () => {
    const exits: string[] = [];
    const { log, records } = recordLog();
    const { url } = await start({ log, onExit: (reason) => exits.push(reason) });
    const bus = await connectNatsBus({ servers: [url], name: 'test', log: quiet });
    const connections = { count: 0, twice: () => {} };
    const twice = new Promise<void>((resolve) => {
      connections.twice = resolve;
    });
    bus.onStatus((isConnected) => {
      if (isConnected) connections.count += 1;
      if (connections.count === 2) connections.twice();
    });
    await expect.poll(() => bus.isConnected()).toBe(true);
    const [killed = 0] = await serverPids();
    process.kill(killed, 'SIGKILL');
    await twice;
    await bus.flush();
    expect(exits).toHaveLength(1);
    expect(await serverPids()).not.toContain(killed);
    expect(records.filter((record) => record.level === 'error')).toHaveLength(1);
    await bus.close();
  });

  test('a port that another program holds is named', async () => {
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    await expect(start()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`port ${port} of 127.0.0.1 is in use by another program`),
    });
    holder.close();
    expect(await serverPids()).toEqual([]);
  });

  test('another NATS server on the port is not taken for ours', async () => {
    await start();
    const other = await mkdtemp(join(tmpdir(), 'mortar-nats-'));
    await expect(
      startNatsServer({ binary, stateDirectory: other, host: '127.0.0.1', port, log: quiet }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await rm(other, { recursive: true });
  });

  test('the server of a coordinator that was killed is ended, and the port is used again', async () => {
    const coordinator = await otherCoordinator();
    const [leftover] = await serverPids();
    coordinator.child.kill('SIGKILL');
    await coordinator.ended;
    const { log, records } = recordLog();
    await start({ log });
    const pids = await serverPids();
    expect(pids).toHaveLength(1);
    expect(pids).not.toContain(leftover);
    expect(records.filter((record) => record.level === 'warn').map((record) => record.fields)).toEqual(
      expect.arrayContaining([{ pids: [leftover] }]),
    );
  });

  test('the server of a coordinator that lives is left alone', async () => {
    const coordinator = await otherCoordinator();
    const before = await serverPids();
    await expect(start()).rejects.toMatchObject({
      code: 'conflict',
      message: `another coordinator (pid ${coordinator.child.pid}) runs with the same state directory`,
    });
    expect(await serverPids()).toEqual(before);
    coordinator.child.kill('SIGKILL');
    await coordinator.ended;
    await start();
  });

  test('a program that is no NATS server is an error with what it said', async () => {
    await expect(start({ binary: '/bin/sh' })).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/^nats-server does not start: ./),
    });
  });
});

describe('findNatsBinary', () => {
  test('a path is taken as it is, and a name is looked for', async () => {
    expect(await findNatsBinary(binary, [])).toBe(binary);
    const directories = ['', 'relative', stateDirectory, dirname(binary)];
    expect(await findNatsBinary('nats-server', directories)).toBe(binary);
  });

  test.each(['nats-server', '/no/such/nats-server'])(
    'a machine without %s is told what to install',
    async (name) => {
      await expect(findNatsBinary(name, [stateDirectory])).rejects.toMatchObject({
        code: 'bad-config',
        message: `there is no ${name}: install the package nats-server, or set nats.url`,
      });
    },
  );
});
