// A real nats-server for a test: on a loopback port of its own, without files, killed and started again at will.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { findNatsServer } from '../../packaging/nats-server.ts';
import { present } from '../../shared/lib/assert.ts';

export interface NatsServerProcess {
  url: string;
  port: number;
  pid(): number;
  /** Ends it (SIGKILL unless given), and resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it on the same port and resolves when it listens. */
  start(): Promise<void>;
}

/** A free TCP port on 127.0.0.1; free at this moment, which is as good as it gets. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? present(address, 'the address').port : 0;
}

/** A nats-server that is started with `args` beside its address, once `start` is called. */
export async function natsServerProcess(args: readonly string[] = []): Promise<NatsServerProcess> {
  const [binary, port] = await Promise.all([findNatsServer(), freePort()]);
  let child: ChildProcess | null = null;
  const running = () => present(child, 'the running nats-server');
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: () => present(running().pid, 'its pid'),
    async kill(signal = 'SIGKILL') {
      const ending = child;
      child = null;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
      const exit = once(ending, 'exit');
      ending.kill(signal);
      await exit;
    },
    async start() {
      child = spawn(binary, ['--addr', '127.0.0.1', '--port', String(port), ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      await lineWith(child, 'Server is ready');
    },
  };
}

async function lineWith(child: ChildProcess, words: string): Promise<void> {
  let output = '';
  const stderr = present(child.stderr, 'its standard error');
  for await (const chunk of stderr.iterator({ destroyOnReturn: false })) {
    output += chunk;
    if (output.includes(words)) {
      stderr.resume();
      return;
    }
  }
  throw new Error(`nats-server ended: ${output}`);
}
