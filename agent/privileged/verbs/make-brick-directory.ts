// Makes the directory of a new brick: strictly below its mount point, so that an unmounted disk makes the brick
// missing instead of filling the root filesystem. Root walks a path that others may have written to, so every part of
// it must be a real directory that only root can change.
import type { Stats } from 'node:fs';
import { lstat, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '../../../shared/lib/errors.ts';
import { isReadOnly, isWithin, type MountTable } from '../../../shared/lib/mount-table.ts';
import type { StepOf } from '../../../shared/model/step.ts';
import { lookAtLeaf, removeMarked } from './brick-leaf.ts';
import type { Applied, StepEdges, Verb } from './verb.ts';

type MakeBrickDirectory = StepOf<'make-brick-directory'>;

export const makeBrickDirectory: Verb<'make-brick-directory'> = {
  async isDone(step, edges) {
    const walk = await walkTo(step, edges);
    return walk.reason === null && (await lookAtLeaf(step.path, edges)).kind === 'empty';
  },

  async apply(step, edges): Promise<Applied> {
    const walk = await walkTo(step, edges);
    if (walk.reason !== null) return { kind: 'refused', message: walk.reason };
    const leaf = await lookAtLeaf(step.path, edges);
    if (leaf.kind === 'in-use') return { kind: 'refused', message: leaf.sentence };
    try {
      if (leaf.kind === 'marked') await removeMarked(step.path);
      const missing = leaf.kind === 'marked' ? [step.path] : walk.missing;
      for (const path of missing) await makeDirectory(path);
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
  return reason === null ? walkFrom(step) : { reason, missing: [] };
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
async function walkFrom(step: MakeBrickDirectory): Promise<Walk> {
  const missing: string[] = [];
  // Never compared with the table's number: on btrfs each subvolume has one of its own, of which the table knows nothing.
  const { dev } = await lstat(step.mountPoint);
  if (dev === (await lstat('/')).dev) {
    return {
      reason: `${step.mountPoint} leads to the root filesystem, although a mount is listed there`,
      missing,
    };
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
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
