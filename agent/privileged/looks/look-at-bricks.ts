// The bricks of this server: process, port, mount, identity, pending heals. Only files are read, so that bricks are
// seen while glusterd is down. A disk that hangs would hang every thread that touches it, so a program with a time
// limit touches each brick first; what hangs all the same is given up, and not touched again before it has ended.
import { opendir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AssertionError } from '../../../shared/lib/assert.ts';
import { errorCodeOf } from '../../../shared/lib/errors.ts';
import type { MountTable } from '../../../shared/lib/mount-table.ts';
import type { Brick } from '../../../shared/model/brick.ts';
import type { AbsolutePath, VolumeId, VolumeName } from '../../../shared/model/names.ts';
import { readTextFile } from '../../../shared/runtime/files.ts';
import type { OneAtATime } from '../../../shared/runtime/one-at-a-time.ts';
import type { RunCommand } from '../../../shared/runtime/run-command.ts';
import { readStore, type StoredBrick, type StoredVolume } from '../read-store.ts';
import { findBrickProcess } from './find-brick-process.ts';
import { mapAtMost } from './map-at-most.ts';
import { readVolumeId, type VolumeIdState } from './read-volume-id.ts';

/** Pending heals are counted up to here: beyond it, more is not worse. */
const maxPendingHeals = 100_000;
/** A brick on a dead disk takes 9 s, so the look ends in time with a dozen of them. */
const maxAtOnce = 4;
/** A healthy disk answers in ms; counting 100,000 entries takes a second on a slow one. */
const answerLimitMs = 5_000;
/** The global options are a few lines. */
const maxOptionsBytes = 64 * 1024;

export interface BrickEdges {
  runCommand: RunCommand;
  /** For all that may hang in a thread. */
  oneAtATime: OneAtATime;
  readMounts(): Promise<MountTable>;
  storeDirectory: string;
  runDirectory: string;
  procDirectory: string;
}

/** Every brick of this server that glusterd has in its store. Throws MortarError('bad-output') when that is unreadable. */
export async function lookAtBricks(edges: BrickEdges): Promise<Brick[]> {
  const store = await readStore(edges.storeDirectory);
  const isMultiplexed = await hasMultiplexing(edges.storeDirectory);
  const mounts = await edges.readMounts();
  const bricks = store.volumes.flatMap((volume) =>
    volume.bricks.filter(({ peer }) => peer === store.uuid).map((brick) => ({ volume, brick })),
  );
  return mapAtMost(maxAtOnce, bricks, ({ volume, brick }) =>
    lookAtBrick(volume, brick, isMultiplexed, mounts, edges),
  );
}

async function lookAtBrick(
  volume: StoredVolume,
  brick: StoredBrick,
  isMultiplexed: boolean,
  mounts: MountTable,
  edges: BrickEdges,
): Promise<Brick> {
  const { path } = brick;
  const directories = { run: edges.runDirectory, proc: edges.procDirectory };
  const [process, volumeId] = await Promise.all([
    answered(edges, `the process of ${path}`, () =>
      findBrickProcess({ ...brick, volume: volume.name }, isMultiplexed, directories),
    ),
    readVolumeId(path, edges.runCommand),
  ]);
  const isHanging = volumeId.kind === 'hanging';
  const disk = isHanging ? null : await answered(edges, `the disk of ${path}`, () => touch(path, mounts));
  return {
    volume: volume.name as VolumeName,
    volumeId: volume.id as VolumeId,
    path: path as AbsolutePath,
    isUp: process && process.value !== null,
    pid: process?.value?.pid ?? null,
    port: process?.value?.port ?? null,
    mountPoint: disk?.value.mountPoint ?? null,
    hasVolumeId: isSameVolume(volumeId, volume.id),
    pendingHeals: disk?.value.pendingHeals ?? null,
  };
}

/** Null when there was no answer in time, or an error for one: then it is unknown, which is neither down nor 0. */
async function answered<T>(
  { oneAtATime }: BrickEdges,
  key: string,
  call: () => Promise<T>,
): Promise<{ value: T } | null> {
  try {
    return { value: await oneAtATime.run(key, answerLimitMs, call) };
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    return null;
  }
}

/** glusterd keeps options of the whole pool in a file of their own. */
async function hasMultiplexing(storeDirectory: string): Promise<boolean> {
  try {
    const options = await readTextFile(join(storeDirectory, 'options'), { maxBytes: maxOptionsBytes });
    return /^cluster\.brick-multiplex=(on|enable|true|yes|1)$/m.test(options);
  } catch (error) {
    if (errorCodeOf(error) === 'not-found') return false;
    throw error;
  }
}

function isSameVolume(state: VolumeIdState, id: string): boolean | null {
  if (state.kind === 'read') return state.id === id;
  return state.kind === 'absent' ? false : null;
}

async function touch(path: string, mounts: MountTable) {
  return { mountPoint: await mountPointOf(path, mounts), pendingHeals: await countPendingHeals(path) };
}

/** Null when the path is not there, which is how a brick on an unmounted disk looks. */
async function mountPointOf(path: string, mounts: MountTable): Promise<AbsolutePath | null> {
  const real = await realpath(path).catch(() => null);
  return real === null ? null : (mounts.mountOf(real).mountPoint as AbsolutePath);
}

/** Entries of the index but its own `xattrop-…` file, to which the entries are links; null when it cannot be read. */
async function countPendingHeals(path: string): Promise<number | null> {
  let count = 0;
  try {
    for await (const entry of await opendir(join(path, '.glusterfs/indices/xattrop'))) {
      if (entry.name.startsWith('xattrop-')) continue;
      count += 1;
      if (count === maxPendingHeals) break;
    }
  } catch {
    // No index, no directory, or a disk that fails: what waits is unknown, and unknown is not 0.
    return null;
  }
  return count;
}
