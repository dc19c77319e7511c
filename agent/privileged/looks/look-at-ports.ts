// Who listens on which TCP port here, from /proc alone. A socket without an owner that can be seen is still listed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText } from '../../../shared/lib/compare-text.ts';
import { MortarError, systemCodeOf } from '../../../shared/lib/errors.ts';
import type { ListeningPort } from '../../../shared/model/network.ts';
import { findSocketOwners } from './find-socket-owners.ts';
import { type ListeningSocket, parseListeningSockets } from './parse-listening-sockets.ts';

/** As many as a report may hold. */
const maxPorts = 2_000;

/** Every listening TCP socket of this server, sorted by port; at most 2,000. Throws MortarError('bad-output'). */
export async function lookAtPorts(procDirectory = '/proc'): Promise<ListeningPort[]> {
  const sockets = [
    ...(await readSockets(procDirectory, 'tcp')),
    ...(await readSockets(procDirectory, 'tcp6')),
  ].slice(0, maxPorts);
  const owners = findSocketOwners(new Set(sockets.map((socket) => socket.inode)), procDirectory);
  return sockets
    .map(({ inode, ...socket }) => {
      const owner = owners.get(inode);
      return { ...socket, pid: owner?.pid ?? null, process: owner?.name ?? null };
    })
    .sort(
      (a, b) => a.port - b.port || compareText(a.address, b.address) || compareText(a.protocol, b.protocol),
    );
}

async function readSockets(procDirectory: string, protocol: 'tcp' | 'tcp6'): Promise<ListeningSocket[]> {
  const path = join(procDirectory, 'net', protocol);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    // A kernel without IPv6 has no tcp6.
    if (protocol === 'tcp6' && systemCodeOf(error) === 'ENOENT') return [];
    throw new MortarError('bad-output', `cannot read ${path}`, { cause: error });
  }
  return parseListeningSockets(text, protocol);
}
