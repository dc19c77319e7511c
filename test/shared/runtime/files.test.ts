// On a real file system: whole files, their modes, and what is left after a failure.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTextFile, writeFileDurably } from '../../../shared/runtime/files.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortar-files-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('writeFileDurably', () => {
  test('writes a new file with the mode whatever the umask says, and leaves nothing beside it', async () => {
    const path = join(directory, 'state.json');
    await writeFileDurably(path, 'äöü\n', { mode: 0o666 });
    expect(await readFile(path, 'utf8')).toBe('äöü\n');
    expect((await stat(path)).mode & 0o777).toBe(0o666);
    expect(await readdir(directory)).toEqual(['state.json']);
  });

  test('replaces a file and its mode; who has the old one open keeps it', async () => {
    const path = join(directory, 'key.pem');
    await writeFile(path, 'old');
    await chmod(path, 0o644);
    const before = await stat(path);
    await writeFileDurably(path, 'new', { mode: 0o600 });
    const after = await stat(path);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(after.mode & 0o777).toBe(0o600);
    expect(after.ino).not.toBe(before.ino);
  });

  test('many writers at once leave one of their texts whole and nothing else', async () => {
    const path = join(directory, 'x');
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(100_000));
    await Promise.all(texts.map((text) => writeFileDurably(path, text, { mode: 0o600 })));
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(directory)).toEqual(['x']);
  });

  test('a directory that is not there is an error with its path', async () => {
    const path = join(directory, 'no/such/file');
    await expect(writeFileDurably(path, '', { mode: 0o600 })).rejects.toMatchObject({
      code: 'internal',
      message: `cannot write ${path}`,
      cause: { code: 'ENOENT' },
    });
  });

  test('a write that fails at the last step leaves what was there and nothing beside it', async () => {
    const path = join(directory, 'a-directory');
    await mkdir(join(path, 'with-something-in-it'), { recursive: true });
    await expect(writeFileDurably(path, 'x', { mode: 0o600 })).rejects.toMatchObject({ code: 'internal' });
    expect(await readdir(directory)).toEqual(['a-directory']);
    expect(await readdir(path)).toEqual(['with-something-in-it']);
  });
});

describe('readTextFile', () => {
  test('reads a file of exactly its limit, and refuses one byte more', async () => {
    const path = join(directory, 'x');
    await writeFile(path, 'x'.repeat(200_000));
    expect(await readTextFile(path, { maxBytes: 200_000 })).toHaveLength(200_000);
    await expect(readTextFile(path, { maxBytes: 199_999 })).rejects.toMatchObject({
      code: 'too-large',
      message: `${path} has more than 199999 bytes`,
    });
  });

  test('reads what says that it is empty and is not, as all of /proc', async () => {
    expect(await readTextFile('/proc/self/mountinfo', { maxBytes: 10_000_000 })).toContain(' / ');
  });

  test('reads an endless file no further than its limit', async () => {
    await expect(readTextFile('/dev/zero', { maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  test.each([
    ['a missing file', 'missing', 'not-found'],
    ['a directory', '.', 'internal'],
  ])('%s is an error with its code', async (_, name, code) => {
    await expect(readTextFile(join(directory, name), { maxBytes: 1 })).rejects.toMatchObject({ code });
  });

  test('a character that lies across two reads stays whole', async () => {
    const text = `x${'€'.repeat(60_000)}`;
    const path = join(directory, 'x');
    await writeFile(path, text);
    expect(await readTextFile(path, { maxBytes: 1_000_000 })).toBe(text);
  });
});
