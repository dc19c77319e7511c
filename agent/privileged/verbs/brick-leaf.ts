// What lies at the place of a new brick. A refused add-brick leaves something there: glusterd writes the volume's id onto
// the directories, and an empty `.glusterfs` into them, on every server that agreed before one did not. The next attempt
// then takes it for another volume's ("already part of a volume"), also when the volume is the same one.
import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '../../../shared/lib/errors.ts';
import { readVolumeId } from '../looks/read-volume-id.ts';
import type { StepEdges } from './verb.ts';

export type LeafState =
  | { kind: 'missing' }
  | { kind: 'empty' }
  /** What a refused add-brick leaves, and nothing else; no volume has a brick there. */
  | { kind: 'marked' }
  | { kind: 'in-use'; sentence: string };

/** What lies at `path`. Throws MortarError when glusterd has to be asked whose it is, and does not answer. */
export async function lookAtLeaf(path: string, edges: StepEdges): Promise<LeafState> {
  const names = await namesIn(path);
  if (names === null) return { kind: 'missing' };
  const isMarked = names.length === 0 ? await hasVolumeId(path, edges) : await hasEmptyStore(path, names);
  if (isMarked) return whoseMark(path, edges);
  if (names.length === 0) return { kind: 'empty' };
  if (names.includes('.glusterfs')) return { kind: 'in-use', sentence: `${path} is a brick already` };
  return {
    kind: 'in-use',
    sentence: `${path} is not empty: it holds ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`,
  };
}

/** Removes a marked leaf. Only empty directories go: should anything have come into one meanwhile, this throws. */
export async function removeMarked(path: string): Promise<void> {
  await rmdir(join(path, '.glusterfs')).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
  });
  await rmdir(path);
}

async function hasVolumeId(path: string, { runCommand }: StepEdges): Promise<boolean> {
  return (await readVolumeId(path, runCommand)).kind === 'read';
}

/** A brick that was ever started has directories in its `.glusterfs`. */
async function hasEmptyStore(path: string, names: readonly string[]): Promise<boolean> {
  return names.length === 1 && (await namesIn(join(path, '.glusterfs')))?.length === 0;
}

/** A volume that was created and not started looks the same, so glusterd is asked. */
async function whoseMark(path: string, { gluster }: StepEdges): Promise<LeafState> {
  const { volumes } = await gluster.readState();
  const owner = volumes.find((volume) => volume.bricks.some((brick) => brick.path === path));
  if (owner === undefined) return { kind: 'marked' };
  return { kind: 'in-use', sentence: `${path} is a brick of ${owner.name}` };
}

/** Null when there is no such directory. */
async function namesIn(path: string): Promise<string[] | null> {
  try {
    return await readdir(path);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
