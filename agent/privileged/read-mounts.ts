// The mounts that this process sees, which are the machine's: its unit has no mount namespace of its own.
import { MortarError } from '../../shared/lib/errors.ts';
import { createMountTable, type MountTable } from '../../shared/lib/mount-table.ts';
import { readTextFile } from '../../shared/runtime/files.ts';

/** Some ten thousand mounts; a machine with more has another problem. */
const maxBytes = 4 * 1024 * 1024;

/** The mount table in a mountinfo file. Throws MortarError('bad-output'). */
export async function readMounts(path = '/proc/self/mountinfo'): Promise<MountTable> {
  try {
    return createMountTable(await readTextFile(path, { maxBytes }));
  } catch (error) {
    throw new MortarError('bad-output', `cannot read the mounts from ${path}`, { cause: error });
  }
}
