// Small files, read within a limit and written so that a power cut leaves either the old or the new text whole.
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MortarError, systemCodeOf } from '../lib/errors.ts';

/**
 * Replaces the file at `path` by one with `text` and `mode`. Resolves when it will survive a power cut: the new text
 * is on disk before it gets the name, and the name is on disk before this resolves.
 */
export async function writeFileDurably(path: string, text: string, options: { mode: number }): Promise<void> {
  // In the same directory, because a rename across filesystems is a copy; hidden, because directories such as conf.d
  // are read whole; a name of its own, so that two writers do not write into one file.
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await withFile(temporary, 'wx', options.mode, async (file) => {
      await file.writeFile(text);
      await file.chmod(options.mode);
      await file.sync();
    });
    // A crash before this line leaves the old file, and a small hidden one that nobody reads.
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new MortarError('internal', `cannot write ${path}`, { cause });
  }
  await withFile(dirname(path), 'r', 0, (directory) => directory.sync());
}

/**
 * The text of the file at `path`. Works for /proc, whose files say that they are empty. Throws MortarError: `not-found`
 * when there is none, `too-large` above `maxBytes`, `internal` when it cannot be read.
 */
export async function readTextFile(path: string, options: { maxBytes: number }): Promise<string> {
  try {
    return await withFile(path, 'r', 0, (file) => readAll(path, file, options.maxBytes));
  } catch (cause) {
    if (cause instanceof MortarError) throw cause;
    const isMissing = systemCodeOf(cause) === 'ENOENT';
    throw new MortarError(isMissing ? 'not-found' : 'internal', `cannot read ${path}`, { cause });
  }
}

async function readAll(path: string, file: FileHandle, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536, null);
    if (bytesRead === 0) return Buffer.concat(chunks).toString('utf8');
    sizeBytes += bytesRead;
    if (sizeBytes > maxBytes) throw new MortarError('too-large', `${path} has more than ${maxBytes} bytes`);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

async function withFile<T>(
  path: string,
  flags: string,
  mode: number,
  use: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path, flags, mode);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
