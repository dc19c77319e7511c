// The configured slots against what is really mounted. A slot is judged by the mount table first, because the directory
// of an unmounted disk is there all the same, and a brick made in it would fill the root filesystem.
import { describeError, MortarError, systemCodeOf } from '../../shared/lib/errors.ts';
import { isReadOnly, isWithin, type MountTable } from '../../shared/lib/mount-table.ts';
import type { Slot, SlotProblem } from '../../shared/model/slot.ts';
import type { AgentConfig } from '../../shared/protocol/agent-config.ts';
import type { OneAtATime } from '../../shared/runtime/one-at-a-time.ts';
import type { FileStatus, Files } from './files.ts';
import { brickFilesystemTypes } from './filesystems.ts';
import type { Mounts } from './mounts.ts';
import type { Observer } from './observer.ts';

type SlotConfig = AgentConfig['slots'][number];
type Problem = NonNullable<Slot['problem']>;

/** Enough for any slot that people can read; more names are not needed to choose a free one. */
const maxEntries = 1000;
/** A directory on a healthy disk is listed in milliseconds; a disk that spins up takes some seconds. */
const slotLimitMs = 5_000;

/** The observer of `slots`. A slot that cannot be used is reported with its problem; one that hangs does not hide the others. */
export function observeSlots(
  slots: readonly SlotConfig[],
  files: Files,
  mounts: Mounts,
  oneAtATime: OneAtATime,
): Observer<'slots'> {
  return {
    limitMs: 10_000,
    async look() {
      const table = mounts.read();
      return Promise.all(
        slots.map(async (slot): Promise<Slot> => {
          const description = { path: slot.path, mountPoint: slot.mountPoint, tags: slot.tags };
          const mountProblem = judgeMount(slot, table);
          if (mountProblem) return { ...description, problem: mountProblem, entries: null };
          try {
            const content = await oneAtATime.run(`the slot ${slot.path}`, slotLimitMs, () =>
              readSlot(slot, files),
            );
            return { ...description, ...content };
          } catch (error) {
            return { ...description, problem: unreadable(slot, error), entries: null };
          }
        }),
      );
    },
  };
}

/** What the mount table alone has against `slot`; null when it is nothing. */
function judgeMount(slot: SlotConfig, table: MountTable): Problem | null {
  const { path, mountPoint } = slot;
  const mount = table.mountAt(mountPoint);
  const root = table.mountOf('/');
  if (!isWithin(path, mountPoint)) {
    return problem('unmounted', `${path} is not below ${mountPoint}, which is configured as its mount point`);
  }
  if (mount === null) {
    const lies = table.mountOf(mountPoint) === root ? ', so it lies on the root filesystem' : '';
    return problem('unmounted', `nothing is mounted on ${mountPoint}${lies}`);
  }
  if (mount.deviceNumber === root.deviceNumber) {
    return problem('on-root-filesystem', `${path} lies on the root filesystem, which bricks would fill`);
  }
  if (!brickFilesystemTypes.has(mount.type)) {
    const usable = [...brickFilesystemTypes].join(', ');
    return problem(
      'unsupported-filesystem',
      `${mountPoint} is ${mount.type.slice(0, 64)}, and bricks need one of ${usable}`,
    );
  }
  if (isReadOnly(mount)) {
    return problem('read-only', `the filesystem on ${mountPoint} is mounted read-only`);
  }
  const deepest = table.mountOf(path);
  if (deepest !== mount) {
    return problem('unmounted', `${path} lies on ${deepest.mountPoint}, not on ${mountPoint} as configured`);
  }
  return null;
}

async function readSlot(slot: SlotConfig, files: Files): Promise<Pick<Slot, 'problem' | 'entries'>> {
  const [status, mountStatus, rootStatus] = await Promise.all([
    files.stat(slot.path),
    files.stat(slot.mountPoint),
    files.stat('/'),
  ]);
  const wrong = judgeDirectory(slot, status, mountStatus, rootStatus);
  if (wrong) return { problem: wrong, entries: null };
  return { problem: null, entries: await files.list(slot.path, maxEntries) };
}

/** The devices are compared as well, because a symbolic link leads away from the mount that the table shows. */
function judgeDirectory(
  { path, mountPoint }: SlotConfig,
  status: FileStatus | null,
  mountStatus: FileStatus | null,
  rootStatus: FileStatus | null,
): Problem | null {
  if (status === null) return problem('missing', `the directory ${path} does not exist`);
  if (!status.isDirectory) return problem('not-a-directory', `${path} is not a directory`);
  if (status.device === rootStatus?.device) {
    return problem('on-root-filesystem', `${path} leads to the root filesystem, which bricks would fill`);
  }
  if (status.device !== mountStatus?.device) {
    return problem('unmounted', `${path} leads to another filesystem than the one on ${mountPoint}`);
  }
  return null;
}

function unreadable({ path }: SlotConfig, error: unknown): Problem {
  if (error instanceof MortarError) return problem('unreadable', error.message);
  switch (systemCodeOf(error)) {
    case 'EACCES':
      return problem('unreadable', `the user of mortar-agent may not list ${path}: chmod o+rx lets it`);
    case 'EIO':
      return problem('unreadable', `the disk under ${path} answers with input/output errors`);
    default:
      return problem('unreadable', `${path} cannot be read: ${describeError(error)}`);
  }
}

function problem(code: SlotProblem, sentence: string): Problem {
  return { code, sentence: sentence.slice(0, 1024) };
}
