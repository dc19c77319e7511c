// The brick disks: sparse files, each behind a loop device that the server sees as /dev/vdb, /dev/vdc, … A loop device is
// ours when its backing file lies in our directory, which the kernel says itself; nothing has to be written down.
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { MortarError } from '../../shared/lib/errors.ts';
import { mustRunSync, runCommandSync } from './run-command.ts';
import { waitUntilSync } from './wait.ts';

/** The path of disk `n` (from 1) inside its server. */
export function diskPath(n: number): string {
  return `/dev/vd${String.fromCharCode('a'.charCodeAt(0) + n)}`;
}

/** Makes (first time) and attaches the disks of the server whose directory this is; gives their loop devices, in order. */
export function attachDisks(directory: string, disks: number, sizeBytes: number): string[] {
  mkdirSync(join(directory, 'disks'), { recursive: true });
  const attached = loopDevicesUnder(directory);
  return Array.from({ length: disks }, (_, index) => {
    const file = join(directory, 'disks', `disk${index + 1}.img`);
    if (!existsSync(file)) createSparseFile(file, sizeBytes);
    const device = attached.find((loop) => loop.file === file)?.device;
    return device ?? mustRunSync(['losetup', '--find', '--show', '--partscan', file]).trim();
  });
}

/** Makes disk `n` (from 1) of the server whose directory this is larger, as a hypervisor does with a virtual disk in use. */
export function growDisk(directory: string, n: number, sizeBytes: number): void {
  const file = join(directory, 'disks', `disk${n}.img`);
  const loop = loopDevicesUnder(directory).find((candidate) => candidate.file === file);
  if (loop === undefined) throw new MortarError('not-found', `${file} is not attached`);
  truncateSync(file, sizeBytes);
  mustRunSync(['losetup', '--set-capacity', loop.device]);
}

/** Detaches every loop device whose file lies under `directory`, and waits until the kernel has let go of them. */
export function detachDisksUnder(directory: string): void {
  for (const { device } of loopDevicesUnder(directory)) runCommandSync(['losetup', '--detach', device]);
  // A file system that was mounted on one is written out first; then the kernel detaches it by itself.
  if (!waitUntilSync(() => loopDevicesUnder(directory).length === 0, 10_000)) {
    throw new MortarError('conflict', `a loop device of ${directory} is still in use; see: losetup --list`);
  }
}

function createSparseFile(file: string, sizeBytes: number): void {
  const descriptor = openSync(file, 'w', 0o600);
  ftruncateSync(descriptor, sizeBytes);
  closeSync(descriptor);
}

/** The attached loop devices whose file lies under `directory`. */
export function loopDevicesUnder(directory: string): { device: string; file: string }[] {
  return readdirSync('/sys/block')
    .filter((name) => name.startsWith('loop'))
    .map((name) => ({ device: `/dev/${name}`, file: backingFile(name) }))
    .filter(({ file }) => file.startsWith(join(directory, '/')));
}

/** The kernel adds " (deleted)" to the path of a file that is gone. */
function backingFile(loop: string): string {
  const path = `/sys/block/${loop}/loop/backing_file`;
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .trimEnd()
        .replace(/ \(deleted\)$/, '')
    : '';
}
