// Takes a lab apart, whatever state it is in, and blocking: the same function serves stop, an exiting process and the next
// run that clears up after a killed one. What belongs to a lab is read from the kernel (command lines, backing files) and
// from names that its record gives; the record goes last, so that being killed in here leaves a lab that can be cleared.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeCgroups } from './cgroups.ts';
import { detachDisksUnder } from './disks.ts';
import { labDirectory, oneTo, readRecord } from './lab-record.ts';
import { machineName, removeBridge, removeLink } from './network.ts';
import { killHelpers, killServers } from './running-servers.ts';

/** Where nspawn keeps a directory for each machine, which stays when nspawn is killed. */
const nspawnDirectories = ['/run/systemd/nspawn/propagate', '/run/systemd/nspawn/unix-export'];

/** Removes the lab's processes, network, disks and directory. Whether it may is for the caller to know. */
export function clearLab(name: string): void {
  const directory = labDirectory(name);
  const record = readRecord(name);
  // First those that could start a server again.
  killHelpers(directory);
  killServers(directory);
  if (record !== null) {
    for (const index of oneTo(record.servers)) clearMachine(record.subnet, index);
    removeBridge(record.subnet);
  }
  detachDisksUnder(directory);
  for (const entry of existsSync(directory) ? readdirSync(directory) : []) {
    if (entry !== 'lab.json') rmSync(join(directory, entry), { recursive: true, force: true });
  }
  rmSync(directory, { recursive: true, force: true });
}

/** What a dead server leaves outside of its directory; the server can boot after it, or another take its place. */
export function clearMachine(subnet: number, index: number): void {
  const machine = machineName(subnet, index);
  removeLink(subnet, index);
  removeCgroups(machine);
  for (const directory of nspawnDirectories)
    rmSync(join(directory, machine), { recursive: true, force: true });
}
