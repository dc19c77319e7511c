// The beat: each second the free space under every slot and brick, and whether each brick's process still runs. It reads
// memory of the kernel only (statfs, /proc), starts no program and writes nothing.

import type { MountTable } from '../../shared/lib/mount-table.ts';
import type { AbsolutePath } from '../../shared/model/names.ts';
import type { Beat, Sections } from '../../shared/model/report.ts';
import { seen } from '../../shared/model/section.ts';
import type { AgentConfig } from '../../shared/protocol/agent-config.ts';
import type { OneAtATime } from '../../shared/runtime/one-at-a-time.ts';
import type { Files, Space } from '../observe/files.ts';
import { holdersOf } from '../observe/holders.ts';
import type { Mounts } from '../observe/mounts.ts';
import { createBrickWatch } from './brick-watch.ts';
import type { Origin } from './origin.ts';

export interface BeatEdges {
  config: AgentConfig;
  files: Files;
  mounts: Mounts;
  oneAtATime: OneAtATime;
  sections: () => Sections;
  origin: () => Origin;
}

/** A healthy disk answers in microseconds; one that does not within this is left out of this beat, and it goes out in time. */
const answerLimitMs = 500;

/** Takes the next beat. What cannot be seen is left out of it: unknown is neither zero nor down. */
export function createBeats(edges: BeatEdges): () => Promise<Beat> {
  const { config, files, mounts, oneAtATime, sections, origin } = edges;
  const watchBricks = createBrickWatch(files, answered);

  async function measureFilesystems(): Promise<Beat['filesystems']> {
    // As it was after the beat before: one read a second is enough.
    const table = mounts.newest() ?? readMounts(mounts);
    const holders = table ? [...holdersOf(table, config.slots, seen(sections().bricks))] : [];
    const measured = await Promise.all(
      holders.map((mountPoint) =>
        answered(`the beat's statfs of ${mountPoint}`, () => files.statfs(mountPoint)),
      ),
    );
    // A disk that was unmounted meanwhile answered with the numbers of the filesystem below it.
    const after = readMounts(mounts);
    const isSame = (mountPoint: string) => deviceAt(table, mountPoint) === deviceAt(after, mountPoint);
    return holders.flatMap((mountPoint, index) => {
      const space = measured[index];
      return space && isSame(mountPoint) ? ofMount(mountPoint, space) : [];
    });
  }

  async function answered<T>(key: string, call: () => Promise<T>): Promise<T | null> {
    try {
      return await oneAtATime.run(key, answerLimitMs, call);
    } catch {
      // Why it failed is told by the observers, whose sections carry it; the beat only has no number for it.
      return null;
    }
  }

  return async () => {
    const [filesystems, bricks] = await Promise.all([
      measureFilesystems(),
      watchBricks(seen(sections().bricks) ?? []),
    ]);
    return { ...origin(), filesystems, bricks };
  };
}

/** Null when they cannot be read, which the observers tell. */
function readMounts(mounts: Mounts): MountTable | null {
  try {
    return mounts.read();
  } catch {
    return null;
  }
}

function deviceAt(table: MountTable | null, mountPoint: string): string | undefined {
  return table?.mountAt(mountPoint)?.deviceNumber;
}

function ofMount(mountPoint: string, { freeBytes, inodesFree }: Space): Beat['filesystems'][number] {
  return { mountPoint: mountPoint as AbsolutePath, freeBytes, inodesFree };
}
