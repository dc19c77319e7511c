// Makes the directory of a new brick: strictly below its mount point, so that an unmounted disk makes the brick
// missing instead of filling the root filesystem. Root walks a path that others may have written to, so every part of
// it must be a real directory that only root can change.
import type { Stats } from 'node:fs';
import { lstat, mkdir, open, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isReadOnly, isWithin, type MountTable } from '../../../shared/lib/mount-table.ts';
import type { Mount } from '../../../shared/lib/parse-mountinfo.ts';
import type { StepOf } from '../../../shared/model/step.ts';
import type { Applied, StepEdges, Verb } from './verb.ts';

type MakeBrickDirectory = StepOf<'make-brick-directory'>;

export const makeBrickDirectory: Verb<'make-brick-directory'> = {
  async isDone(step, edges) {
    const walk = await walkTo(step, edges);
    return walk.reason === null && (await leafState(step.path)).kind === 'empty';
  },

  async apply(step, edges): Promise<Applied> {
    const walk = await walkTo(step, edges);
    if (walk.reason !== null) return { kind: 'refused', message: walk.reason };
    const leaf = await leafState(step.path);
    if (leaf.kind === 'in-use') return { kind: 'refused', message: leaf.sentence };
    try {
      for (const path of walk.missing) await makeDirectory(path);
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
    return { kind: 'applied', message: `made ${step.path}` };
  },
};

interface Walk {
  /** Why nothing may be made there, or null. */
  reason: string | null;
  /** The directories that are not there yet, outermost first. */
  missing: string[];
}

async function walkTo(step: MakeBrickDirectory, edges: StepEdges): Promise<Walk> {
  const mounts = await edges.readMounts();
  const reason = mountProblem(step, mounts);
  return reason === null ? walkFrom(step, mounts.mountAt(step.mountPoint)) : { reason, missing: [] };
}

function mountProblem(step: MakeBrickDirectory, mounts: MountTable): string | null {
  const { mountPoint, path } = step;
  const mount = mounts.mountAt(mountPoint);
  if (!mount) return `nothing is mounted on ${mountPoint}`;
  if (mount.deviceNumber === mounts.mountAt('/')?.deviceNumber) {
    return `${mountPoint} is on the root filesystem, which never holds bricks`;
  }
  if (isReadOnly(mount)) return `${mountPoint} is mounted read-only`;
  if (path === mountPoint || !isWithin(path, mountPoint)) return `${path} is not below ${mountPoint}`;
  const between = mounts.visible.find(
    ({ mountPoint: other }) => other !== mountPoint && isWithin(path, other) && isWithin(other, mountPoint),
  );
  return between ? `${between.mountPoint} is a mount of its own between ${mountPoint} and ${path}` : null;
}

/** Looks at every directory from the mount point to the leaf, as far as they are there. */
async function walkFrom(step: MakeBrickDirectory, mount: Mount | null): Promise<Walk> {
  const missing: string[] = [];
  const { dev } = await lstat(step.mountPoint);
  if (deviceNumberOf(dev) !== mount?.deviceNumber) {
    return { reason: `the mount on ${step.mountPoint} is hidden by another one`, missing };
  }
  for (const path of partsBetween(step.mountPoint, step.path)) {
    const found = missing.length > 0 ? null : await statOrNull(path);
    if (!found) {
      missing.push(path);
      continue;
    }
    const reason = whyNotTrusted(path, found, dev) ?? (await whyPartOfBrick(path, step.path));
    if (reason) return { reason, missing: [] };
  }
  return { reason: null, missing };
}

/** st_dev as the mount table writes it (makedev(3)). */
function deviceNumberOf(dev: number): string {
  const major = Math.floor(dev / 256) % 4096;
  const minor = (dev % 256) + Math.floor(dev / 2 ** 20) * 256;
  return `${major}:${minor}`;
}

function partsBetween(mountPoint: string, leaf: string): string[] {
  const parts = [leaf];
  while (parts[0] !== undefined && parts[0] !== mountPoint) parts.unshift(dirname(parts[0]));
  return parts;
}

function whyNotTrusted(path: string, found: Stats, device: number): string | null {
  if (found.isSymbolicLink()) return `${path} is a symbolic link`;
  if (!found.isDirectory()) return `${path} is not a directory`;
  if (found.dev !== device) return `${path} is on another filesystem than its mount point`;
  if (found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    return `${path} can be changed by others than root; give it to root with mode 0755`;
  }
  return null;
}

/** Whether a directory above the leaf is itself a brick: nothing but Gluster may write into one. */
async function whyPartOfBrick(path: string, leaf: string): Promise<string | null> {
  if (path === leaf || !(await statOrNull(`${path}/.glusterfs`))) return null;
  return `${path} is a brick itself; a brick cannot lie in a brick`;
}

type LeafState = { kind: 'missing' } | { kind: 'empty' } | { kind: 'in-use'; sentence: string };

async function leafState(path: string): Promise<LeafState> {
  if (!(await statOrNull(path))) return { kind: 'missing' };
  const names = await readdir(path);
  if (names.length === 0) return { kind: 'empty' };
  if (names.includes('.glusterfs')) return { kind: 'in-use', sentence: `${path} is a brick already` };
  return {
    kind: 'in-use',
    sentence: `${path} is not empty: it holds ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`,
  };
}

/** Makes one directory, on disk when it resolves. The process's umask is 022: a later chmod could be cut off by a crash. */
async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { mode: 0o755 });
  // The directory's name lies in its parent: without this a power cut could take it away after its outcome was told.
  const parent = await open(dirname(path), 'r');
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
