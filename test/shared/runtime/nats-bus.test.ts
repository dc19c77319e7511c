// With a real nats-server that is killed, frozen, locked and replaced by something else.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../../shared/lib/assert.ts';
import type { Bus } from '../../../shared/runtime/bus.ts';
import { connectNatsBus } from '../../../shared/runtime/nats-bus.ts';
import { describeBusContract } from '../../support/bus-contract.ts';
import { recordLog } from '../../support/log-recorder.ts';
import { freePort, type NatsServerProcess, natsServerProcess } from '../../support/nats-server-process.ts';

/** Resolves when `bus` is connected, or is not, as wanted. */
function whenConnected(bus: Bus, wanted = true): Promise<void> {
  return new Promise((resolve) => {
    if (bus.isConnected() === wanted) resolve();
    bus.onStatus((isConnected) => isConnected === wanted && resolve());
  });
}

const quiet = () => recordLog().log;

describe('with a NATS server', () => {
  let server: NatsServerProcess;
  beforeAll(async () => {
    server = await natsServerProcess();
    await server.start();
  });
  afterAll(() => server.kill());

  describeBusContract('NATS', async () => {
    const bus = await connectNatsBus({ servers: [server.url], name: 'test', log: quiet() });
    await whenConnected(bus);
    return bus;
  });

  test('a handler that throws is a bug that reaches the process, and the messages after it still arrive', async () => {
    const bus = await connectNatsBus({ servers: [server.url], name: 'test', log: quiet() });
    await whenConnected(bus);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const caught = once(process, 'uncaughtException');
    const second = new Promise<void>((resolve) => {
      let count = 0;
      bus.subscribe('bug', () => {
        count += 1;
        if (count === 2) resolve();
        else throw new Error('a bug in a handler');
      });
    });
    bus.publish('bug', new Uint8Array());
    bus.publish('bug', new Uint8Array());
    expect((await caught)[0]).toMatchObject({ message: 'a bug in a handler' });
    await second;
    for (const listener of others) process.on('uncaughtException', listener);
    await bus.close();
  });
});

describe('when the NATS server comes and goes', () => {
  test('starts without one, connects when it is there, survives its death, and says so once per outage', async () => {
    const server = await natsServerProcess();
    const { log, records } = recordLog();
    const bus = await connectNatsBus({ servers: [server.url], name: 'test', log });
    const statuses: boolean[] = [];
    bus.onStatus((isConnected) => statuses.push(isConnected));
    const received: number[] = [];
    let arrived = () => {};
    bus.subscribe('numbers', (message) => {
      received.push(message.data[0] ?? -1);
      arrived();
    });
    const sendAndReceive = async (number: number) => {
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      bus.publish('numbers', Uint8Array.of(number));
      await arrival;
    };

    bus.publish('numbers', Uint8Array.of(1));
    await expect(bus.flush()).rejects.toMatchObject({ code: 'bus-unavailable' });
    await server.start();
    await whenConnected(bus);
    await sendAndReceive(2);
    await server.kill('SIGKILL');
    await whenConnected(bus, false);
    bus.publish('numbers', Uint8Array.of(3));
    await server.start();
    await whenConnected(bus);
    await sendAndReceive(4);

    expect(received).toEqual([2, 4]);
    expect(statuses).toEqual([true, false, true]);
    const connected = records.filter((record) => record.message === 'connected to the bus');
    expect(connected.map((record) => record.fields)).toMatchObject([{ dropped: 1 }, { dropped: 1 }]);
    await bus.close();
    await server.kill();
  });

  test('notices a server that is frozen, and uses it again when it thaws', async () => {
    const server = await natsServerProcess();
    await server.start();
    const { log, records } = recordLog();
    const probe = { everyMs: 20, limitMs: 1_000 };
    const bus = await connectNatsBus({ servers: [server.url], name: 'test', log, probe });
    await whenConnected(bus);
    process.kill(server.pid(), 'SIGSTOP');
    // More than the socket's buffers hold: a connection that waited for them to empty would never end.
    for (let index = 0; index < 100; index += 1) bus.publish('flood', new Uint8Array(1024 * 1024));
    await whenConnected(bus, false);
    expect(records.some((record) => record.message.includes('stopped answering'))).toBe(true);
    process.kill(server.pid(), 'SIGCONT');
    await whenConnected(bus);
    // What did not fit into the limit for unanswered messages was dropped, not kept.
    const last = present(
      records.findLast((record) => record.message === 'connected to the bus'),
      'a record',
    );
    expect(last.fields).toMatchObject({ dropped: 92 });
    await bus.close();
    await server.kill();
  });

  test('a server that refuses the log-in is dialled again until it does not', async () => {
    const port = await freePort();
    const refusing = await natsServerProcess(['--user', 'someone', '--pass', 'secret']);
    await refusing.start();
    const { log, records } = recordLog();
    const bus = await connectNatsBus({ servers: [refusing.url, `127.0.0.1:${port}`], name: 'test', log });
    await expect.poll(() => records.length, { timeout: 10_000 }).toBeGreaterThan(3);
    expect(records.filter((record) => record.level === 'warn')).toHaveLength(1);
    expect(records.map((record) => JSON.stringify(record.fields)).join()).toMatch(/authorization/i);
    await bus.close();
    await refusing.kill();
  });

  test('a peer that is no NATS server, or that says nothing, holds at most one connection and ends with the bus', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const bus = await connectNatsBus({ servers: [`127.0.0.1:${port}`], name: 'test', log: quiet() });
    await once(silent, 'connection');
    for (const socket of sockets) socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    await once(silent, 'connection');
    expect(sockets.size).toBeLessThanOrEqual(2);
    expect(bus.isConnected()).toBe(false);
    await bus.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});

test.each(['', 'http://server:4222', 'nats://', 'nats://user:secret@'])(
  '"%s" is no address, and a password in it is not repeated',
  async (server) => {
    const attempt = connectNatsBus({ servers: [server], name: 'test', log: quiet() });
    await expect(attempt).rejects.toMatchObject({ code: 'bad-config' });
    await expect(attempt).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
  },
);
