// The local files as an edge: the few reads that the observers need. What a dead disk can hold up goes through Node's thread
// pool, so that it hangs one thread and not the agent. Nothing here writes.
import { readFileSync } from 'node:fs';
import { opendir, readFile, stat, statfs } from 'node:fs/promises';
import { systemCodeOf } from '../../shared/lib/errors.ts';

export interface Space {
  sizeBytes: number;
  /** What an ordinary process may still write (f_bavail). */
  freeBytes: number;
  /** 0 where the filesystem has no fixed number of inodes (btrfs). */
  inodes: number;
  inodesFree: number;
}

export interface FileStatus {
  isDirectory: boolean;
  device: number;
  /** ms since 1970, with the fraction that the filesystem keeps. */
  modifiedAt: number;
}

export interface Files {
  /**
   * A file of /proc that the kernel writes from its own memory without waiting for anything; read at once, because
   * the thread pool would cost three times as much. Null when there is none.
   */
  readKernelText(path: string): string | null;
  readText(path: string): Promise<string>;
  statfs(path: string): Promise<Space>;
  /** Follows symbolic links. Null when there is no such file. */
  stat(path: string): Promise<FileStatus | null>;
  /** At most `limit` names in a directory, sorted. */
  list(path: string, limit: number): Promise<string[]>;
}

export const systemFiles: Files = {
  readKernelText(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      // ESRCH: the process ended between the opening and the reading.
      if (['ENOENT', 'ESRCH'].includes(systemCodeOf(error) ?? '')) return null;
      throw error;
    }
  },
  readText: (path) => readFile(path, 'utf8'),
  async statfs(path) {
    const { bsize, blocks, bavail, files, ffree } = await statfs(path);
    return { sizeBytes: blocks * bsize, freeBytes: bavail * bsize, inodes: files, inodesFree: ffree };
  },
  async stat(path) {
    try {
      const status = await stat(path);
      return { isDirectory: status.isDirectory(), device: status.dev, modifiedAt: status.mtimeMs };
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return null;
      throw error;
    }
  },
  async list(path, limit) {
    const names: string[] = [];
    const directory = await opendir(path);
    try {
      for (
        let entry = await directory.read();
        entry && names.length < limit;
        entry = await directory.read()
      ) {
        names.push(entry.name);
      }
    } finally {
      await directory.close();
    }
    return names.sort();
  },
};
