// The mounted filesystems that may hold bricks, and whatever holds a slot or a brick, of which type ever. Of a filesystem
// that is mounted at several places only the first is listed, unless a slot or a brick is on another.

import { sortedByText } from '../../shared/lib/compare-text.ts';
import { isReadOnly, type MountTable } from '../../shared/lib/mount-table.ts';
import type { Mount } from '../../shared/lib/parse-mountinfo.ts';
import type { Filesystem } from '../../shared/model/filesystem.ts';
import type { AbsolutePath } from '../../shared/model/names.ts';
import type { OneAtATime } from '../../shared/runtime/one-at-a-time.ts';
import type { Files } from './files.ts';
import type { Mounts } from './mounts.ts';
import type { Observer } from './observer.ts';

/** Filesystems on local disks with extended attributes, without which Gluster stores nothing. */
export const brickFilesystemTypes: ReadonlySet<string> = new Set(['xfs', 'ext4', 'ext3', 'btrfs', 'zfs']);

/** statfs of a healthy disk takes microseconds; a spun-down one answers within some seconds. */
const statfsLimitMs = 5_000;

/** The observer; `holders` says which mount points hold a slot or a brick. */
export function observeFilesystems(
  files: Files,
  mounts: Mounts,
  oneAtATime: OneAtATime,
  holders: (table: MountTable) => ReadonlySet<string>,
): Observer<'filesystems'> {
  return {
    limitMs: 10_000,
    async look() {
      const table = mounts.read();
      const root = table.mountOf('/');
      return Promise.all(
        chooseMounts(table, holders(table)).map(async (mount): Promise<Filesystem> => {
          const space = await oneAtATime.run(`the filesystem on ${mount.mountPoint}`, statfsLimitMs, () =>
            files.statfs(mount.mountPoint),
          );
          const deviceBytes = deviceBytesOf(files, mount);
          return {
            ...describeMount(mount),
            isRoot: mount.deviceNumber === root.deviceNumber,
            ...space,
            deviceBytes,
          };
        }),
      );
    },
  };
}

/** The size of the disk or partition under a mount, in bytes; null where the kernel knows no such device. */
function deviceBytesOf(files: Files, mount: Mount): number | null {
  const text = files.readKernelText(`/sys/dev/block/${mount.deviceNumber}/size`);
  // Always in sectors of 512 bytes, whatever the device's own sectors are (Documentation/ABI/stable/sysfs-block).
  const sectors = Number(text?.trim() ?? '');
  return Number.isSafeInteger(sectors) && sectors > 0 ? sectors * 512 : null;
}

/** The mounts that are worth reporting, in order of their mount points. */
export function chooseMounts(table: MountTable, holders: ReadonlySet<string>): Mount[] {
  const devices = new Set<string>();
  const chosen: Mount[] = [];
  for (const mount of sortedByText(table.visible, (mount) => mount.mountPoint)) {
    // Elsewhere than on btrfs, a part of a filesystem is a bind mount that somebody made for a container.
    const isWhole = mount.root === '/' || mount.type === 'btrfs';
    const isFirst = isWhole && brickFilesystemTypes.has(mount.type) && !devices.has(mount.deviceNumber);
    if (!holders.has(mount.mountPoint) && !isFirst) continue;
    devices.add(mount.deviceNumber);
    if (isReportable(mount.mountPoint)) chosen.push(mount);
  }
  return chosen;
}

/** A mount point with control characters in its name is legal, and nobody's place for bricks. */
function isReportable(mountPoint: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
  return !/[\u0000-\u001f\u007f]/.test(mountPoint);
}

/** What the table alone tells. Options are cut at what a report may hold: overlay lists all its layers in one of them. */
function describeMount(mount: Mount) {
  const options = [...new Set([...mount.options, ...mount.superOptions])];
  return {
    mountPoint: mount.mountPoint as AbsolutePath,
    device: mount.source.slice(0, 4096),
    deviceNumber: mount.deviceNumber,
    type: mount.type.slice(0, 64),
    options: options.slice(0, 128).map((option) => option.slice(0, 256)),
    isReadOnly: isReadOnly(mount),
  };
}
