// What makes one server differ from the image: a layer on top of it that holds the server's own files. Written once, while
// the server is off; from then on it is the server's disk and belongs to the server.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskPath } from './disks.ts';
import { type LabRecord, oneTo, serverDirectory, serverName } from './lab-record.ts';
import { serverAddress } from './network.ts';

/** Makes the directories that the root of server `index` is mounted from: root, upper, work. */
export function prepareRoot(record: LabRecord, index: number): void {
  const directory = serverDirectory(record.name, index);
  mkdirSync(join(directory, 'root'), { recursive: true });
  // An overlay's work directory may not be used again after a kill; it holds nothing.
  rmSync(join(directory, 'work'), { recursive: true, force: true });
  mkdirSync(join(directory, 'work'));
  if (existsSync(join(directory, 'upper'))) return;
  const etc = join(directory, 'upper/etc');
  mkdirSync(etc, { recursive: true });
  writeFileSync(join(etc, 'hosts'), hostsTable(record));
  writeFileSync(join(etc, 'hostname'), `${serverName(index)}\n`);
  writeFileSync(join(etc, 'machine-id'), `${randomBytes(16).toString('hex')}\n`);
  writeFileSync(join(etc, 'lab-address'), `ADDRESS=${serverAddress(record.subnet, index)}/24\n`);
  if (record.disks > 0) watchDisks(etc, record.disks);
}

/** All servers by their canonical names, none of them on 127.*. */
function hostsTable(record: LabRecord): string {
  const servers = oneTo(record.servers).map(
    (server) => `${serverAddress(record.subnet, server)}\t${serverName(server)}\n`,
  );
  return `127.0.0.1\tlocalhost\n::1\tlocalhost\n${servers.join('')}`;
}

/**
 * Starts lab-disks.service (image-recipe.ts) whenever a program that wrote to a disk closes it, as udev would notice. With
 * its default dependencies this unit would begin after the mounts, and, as any path unit, before its service: a circle.
 */
function watchDisks(etc: string, disks: number): void {
  const units = join(etc, 'systemd/system');
  mkdirSync(join(units, 'sysinit.target.wants'), { recursive: true });
  const watched = oneTo(disks).map((disk) => `PathChanged=${diskPath(disk)}\n`);
  writeFileSync(join(units, 'lab-disks.path'), `[Unit]\nDefaultDependencies=no\n[Path]\n${watched.join('')}`);
  symlinkSync('../lab-disks.path', join(units, 'sysinit.target.wants/lab-disks.path'));
}
