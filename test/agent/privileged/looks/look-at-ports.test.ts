// Listening ports: those that this very process opens, and the kernel's text in all its forms.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { lookAtPorts } from '../../../../agent/privileged/looks/look-at-ports.ts';
import { parseListeningSockets } from '../../../../agent/privileged/looks/parse-listening-sockets.ts';

let cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  cleanups = [];
});

async function listen(host: string): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  cleanups.push(() => server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return address.port;
}

test('a port that this process listens on is seen, with its process', async () => {
  const port = await listen('127.0.0.1');
  const seen = (await lookAtPorts()).find((one) => one.port === port);
  expect(seen).toEqual({
    protocol: 'tcp',
    address: '127.0.0.1',
    port,
    pid: process.pid,
    process: expect.any(String),
  });
});

test('without IPv6 the others are seen, and a socket without a visible owner is listed without one', async () => {
  const proc = mkdtempSync(join(tmpdir(), 'mortar-proc-'));
  cleanups.push(() => rmSync(proc, { recursive: true }));
  mkdirSync(join(proc, 'net'));
  mkdirSync(join(proc, '17'));
  writeFileSync(join(proc, 'net/tcp'), tcp);
  expect(await lookAtPorts(proc)).toEqual([
    { protocol: 'tcp', address: '0.0.0.0', port: 24007, pid: null, process: null },
    { protocol: 'tcp', address: '127.0.0.1', port: 49152, pid: null, process: null },
  ]);
});

test('a /proc without the table is an error, and not "no ports"', async () => {
  await expect(lookAtPorts('/nowhere')).rejects.toMatchObject({ code: 'bad-output' });
});

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const rest = '00000000:00000000 00:00000000 00000000     0        0';
const tcp = `${header}   0: 0100007F:C000 00000000:0000 0A ${rest} 4242 1 0000000000000000 100 0 0 10 0
   1: 00000000:5DC7 00000000:0000 0A ${rest} 17 1 0000000000000000 100 0 0 10 0
   2: 0100007F:5DC7 0100007F:D431 01 ${rest} 99 1 0000000000000000 20 4 30 10 -1
`;

test('only listening sockets are taken from the table', () => {
  expect(parseListeningSockets(tcp, 'tcp')).toEqual([
    { protocol: 'tcp', address: '127.0.0.1', port: 49152, inode: 4242 },
    { protocol: 'tcp', address: '0.0.0.0', port: 24007, inode: 17 },
  ]);
});

test.each([
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000001000000', '::1'],
  ['B80D0120000000000000000001000000', '2001:db8::1'],
  ['0000000000000000FFFF00000100007F', '::ffff:127.0.0.1'],
])('the IPv6 address %s is %s', (hex, address) => {
  const text = `${header}   0: ${hex}:5DC7 ${'0'.repeat(32)}:0000 0A ${rest} 17 1 0000000000000000 100 0 0 10 0\n`;
  expect(parseListeningSockets(text, 'tcp6')).toEqual([
    { protocol: 'tcp6', address, port: 24007, inode: 17 },
  ]);
});

test.each([
  '',
  header,
  `${header}garbage\n`,
  `${header}   0: 01:5DC7 0:0 0A ${rest} 17\n`,
  `${header}   0: 0100007F:0000 0:0 0A ${rest} 17\n`,
])('in %j there is no socket', (text) => {
  expect(parseListeningSockets(text, 'tcp')).toEqual([]);
});
