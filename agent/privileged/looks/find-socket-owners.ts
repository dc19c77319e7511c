// Which process holds which socket: the kernel tells it only the other way round, as links of each process's open files.
// Read synchronously: /proc is memory, and thousands of turns through the thread pool would cost ten times the work.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface SocketOwner {
  pid: number;
  name: string;
}

/** The first process found for each of the socket `inodes`; those whose owner cannot be seen are missing. */
export function findSocketOwners(
  inodes: ReadonlySet<number>,
  procDirectory = '/proc',
): Map<number, SocketOwner> {
  const owners = new Map<number, SocketOwner>();
  for (const entry of readdirSync(procDirectory)) {
    if (!/^[0-9]+$/.test(entry)) continue;
    if (owners.size === inodes.size) break;
    for (const inode of socketsOf(join(procDirectory, entry, 'fd'))) {
      if (!inodes.has(inode) || owners.has(inode)) continue;
      const name = orNothing(() => readFileSync(join(procDirectory, entry, 'comm'), 'utf8'), '');
      owners.set(inode, { pid: Number(entry), name: name.trim() });
    }
  }
  return owners;
}

function socketsOf(fdDirectory: string): number[] {
  const inodes: number[] = [];
  for (const descriptor of orNothing(() => readdirSync(fdDirectory), [])) {
    const target = orNothing(() => readlinkSync(join(fdDirectory, descriptor)), '');
    const inode = /^socket:\[([0-9]+)\]$/.exec(target)?.[1];
    if (inode) inodes.push(Number(inode));
  }
  return inodes;
}

/** A process may end, or close a file, between two reads: then it holds nothing. */
function orNothing<T>(read: () => T, nothing: T): T {
  try {
    return read();
  } catch {
    return nothing;
  }
}
