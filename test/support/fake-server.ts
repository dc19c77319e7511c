// A server in memory, for what an observer does with what it reads: mounts, directories, space and processes that a test
// changes at will, and that fail or hang when it says so.
import type { FileStatus, Files, Space } from '../../agent/observe/files.ts';

export interface FakeMount {
  mountPoint: string;
  type?: string;
  device?: string;
  /** "major:minor"; also what stat says of everything below. */
  deviceNumber?: string;
  options?: string;
  superOptions?: string;
  space?: Partial<Space>;
}

export interface FakeServer {
  files: Files;
  mount(mount: FakeMount): void;
  unmount(mountPoint: string): void;
  /** A directory with entries in it. */
  directory(path: string, entries?: string[]): void;
  file(path: string, text: string): void;
  /** A process with these words as its command line. */
  process(pid: number, words: readonly string[], startedAt?: number): void;
  remove(path: string): void;
  setSpace(mountPoint: string, space: Partial<Space>): void;
  /** From now on reads of `path` fail with this code of the operating system. */
  fail(path: string, code: string): void;
  /** From now on reads of `path` do not answer until the returned function is called. */
  hang(path: string): () => void;
  /** How many reads of each path there were that may hang. */
  reads: Map<string, number>;
  mountinfo(): string;
}

const plentiful: Space = { sizeBytes: 1_000_000, freeBytes: 600_000, inodes: 1_000, inodesFree: 900 };

/** A server with a root filesystem on ext4 and nothing else. */
export function createFakeServer(): FakeServer {
  const mounts: (Required<FakeMount> & { id: number; parentId: number })[] = [];
  const directories = new Map<string, { entries: string[]; modifiedAt: number }>([
    ['/', { entries: [], modifiedAt: 1 }],
  ]);
  const texts = new Map<string, string>();
  const failures = new Map<string, string>();
  const hangs = new Map<string, Promise<void>>();
  const reads = new Map<string, number>();
  let touches = 1;
  let mounted = 0;

  function mount(given: FakeMount): void {
    const number = ++mounted;
    mounts.push({
      id: 100 + number,
      parentId: mounts.length > 0 ? mountOf(given.mountPoint).id : 1,
      type: 'xfs',
      device: `/dev/vd${number}`,
      deviceNumber: `8:${number}`,
      options: 'rw,relatime',
      superOptions: 'rw',
      space: {},
      ...given,
    });
    if (!directories.has(given.mountPoint)) directory(given.mountPoint);
  }

  function directory(path: string, entries: string[] = []): void {
    touches += 1;
    directories.set(path, { entries, modifiedAt: touches });
  }

  const mountOf = (path: string) =>
    mounts.findLast(
      (each) => path === each.mountPoint || path.startsWith(each.mountPoint.replace(/\/?$/, '/')),
    )!;

  async function read(path: string): Promise<void> {
    reads.set(path, (reads.get(path) ?? 0) + 1);
    await hangs.get(path);
    const code = failures.get(path);
    if (code) throw systemError(code, path);
  }

  function mountinfo(): string {
    const lines = mounts.map(({ mountPoint, ...each }) => {
      const place = mountPoint.replaceAll(' ', '\\040');
      return `${each.id} ${each.parentId} ${each.deviceNumber} / ${place} ${each.options} shared:1 - ${each.type} ${each.device} ${each.superOptions}\n`;
    });
    return lines.join('');
  }

  mount({ mountPoint: '/', type: 'ext4', device: '/dev/vda', deviceNumber: '254:0' });

  const files: Files = {
    readKernelText(path) {
      const code = failures.get(path);
      if (code) throw systemError(code, path);
      return path === '/proc/1/mountinfo' ? mountinfo() : (texts.get(path) ?? null);
    },
    async readText(path) {
      await read(path);
      const text = texts.get(path);
      if (text === undefined) throw systemError('ENOENT', path);
      return text;
    },
    async statfs(path) {
      await read(path);
      return { ...plentiful, ...mountOf(path).space };
    },
    async stat(path): Promise<FileStatus | null> {
      await read(path);
      const found = directories.get(path);
      if (!found && !texts.has(path)) return null;
      const [major = 0, minor = 0] = mountOf(path).deviceNumber.split(':').map(Number);
      return { isDirectory: !!found, device: major * 256 + minor, modifiedAt: found?.modifiedAt ?? 0 };
    },
    async list(path, limit) {
      await read(path);
      const found = directories.get(path);
      if (!found) throw systemError('ENOENT', path);
      return found.entries.toSorted().slice(0, limit);
    },
  };

  return {
    files,
    reads,
    mount,
    directory,
    mountinfo,
    unmount(mountPoint) {
      mounts.splice(
        mounts.findLastIndex((each) => each.mountPoint === mountPoint),
        1,
      );
    },
    file: (path, text) => void texts.set(path, text),
    process(pid, words, startedAt = 1) {
      texts.set(`/proc/${pid}/cmdline`, words.map((word) => `${word}\0`).join(''));
      texts.set(`/proc/${pid}/stat`, `${pid} (a (name)) S ${'0 '.repeat(18)}${startedAt} 0 0\n`);
    },
    remove(path) {
      texts.delete(path);
      directories.delete(path);
    },
    setSpace(mountPoint, space) {
      const found = mounts.findLast((each) => each.mountPoint === mountPoint)!;
      found.space = { ...found.space, ...space };
    },
    fail: (path, code) => void failures.set(path, code),
    hang(path) {
      const { promise, resolve } = Promise.withResolvers<void>();
      hangs.set(path, promise);
      return () => {
        hangs.delete(path);
        resolve();
      };
    },
  };
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
