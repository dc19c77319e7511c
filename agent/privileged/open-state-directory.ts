// The directory of this process: epoch, journal, and the scratch place for get-state. Whoever else could write there
// could make root forget what it has obeyed, so that is checked each time.
import { lstat, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MortarError } from '../../shared/lib/errors.ts';

/**
 * Makes `directory` (and its parents) ready, and an empty directory for scratch files in it, whose path is answered.
 * Throws MortarError('bad-config') when it, or the directory that it lies in, can be changed by anybody else.
 */
export async function openStateDirectory(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  for (const path of [dirname(directory), directory]) {
    const { uid, mode } = await lstat(path);
    const isSticky = (mode & 0o1000) !== 0;
    if ((uid !== process.getuid?.() && uid !== 0) || ((mode & 0o022) !== 0 && !isSticky)) {
      throw new MortarError(
        'bad-config',
        `${path} can be changed by others; it must belong to root with mode 0755`,
      );
    }
  }
  const scratch = join(directory, 'scratch');
  // What a killed run left there means nothing to anybody.
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { mode: 0o700 });
  return scratch;
}
