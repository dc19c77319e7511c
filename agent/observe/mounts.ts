// The server's mounts, read again each second but parsed only when the text has changed. It is the table of PID 1, because
// systemd gives the agent a namespace of its own in which a hardened unit sees everything read-only, while glusterd and its
// bricks live with PID 1.

import { createMountTable, type MountTable } from '../../shared/lib/mount-table.ts';
import type { Files } from './files.ts';

const mountinfoPath = '/proc/1/mountinfo';

export interface Mounts {
  /** The table as it is now: the same object as before while nothing has changed. Throws when it cannot be read or parsed. */
  read(): MountTable;
  /** What the newest read found; null before the first, and when it failed. */
  newest(): MountTable | null;
}

/** The mounts of the server that `files` reads. */
export function createMounts(files: Files): Mounts {
  let text: string | null = null;
  let table: MountTable | null = null;
  return {
    newest: () => table,
    read() {
      try {
        const now = files.readKernelText(mountinfoPath) ?? '';
        if (table === null || now !== text) table = createMountTable(now);
        text = now;
        return table;
      } catch (error) {
        table = null;
        throw error;
      }
    },
  };
}
