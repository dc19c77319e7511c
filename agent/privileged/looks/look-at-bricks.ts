// The bricks of this server: process, port, mount, identity, pending heals. Only files are read, so that bricks are
// seen while glusterd is down. A disk that hangs would hang every thread that touches it, so a program with a time
// limit touches each brick first.
import { opendir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { MountTable } from '../../../shared/lib/mount-table.ts';
import type { Brick } from '../../../shared/model/brick.ts';
import type { AbsolutePath, VolumeId, VolumeName } from '../../../shared/model/names.ts';
import type { RunCommand } from '../../../shared/runtime/run-command.ts';
import { readStore, type StoredBrick, type StoredVolume } from '../read-store.ts';
import { findBrickProcess } from './find-brick-process.ts';
import { readVolumeId, type VolumeIdState } from './read-volume-id.ts';

/** Pending heals are counted up to here: beyond it, more is not worse. */
const maxPendingHeals = 100_000;

export interface BrickEdges {
  runCommand: RunCommand;
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
  const bricks: Brick[] = [];
  for (const volume of store.volumes) {
    for (const brick of volume.bricks.filter(({ peer }) => peer === store.uuid)) {
      bricks.push(await lookAtBrick(volume, brick, isMultiplexed, mounts, edges));
    }
  }
  return bricks;
}

async function lookAtBrick(
  volume: StoredVolume,
  brick: StoredBrick,
  isMultiplexed: boolean,
  mounts: MountTable,
  edges: BrickEdges,
): Promise<Brick> {
  const process = await findBrickProcess({ ...brick, volume: volume.name }, isMultiplexed, {
    run: edges.runDirectory,
    proc: edges.procDirectory,
  });
  const volumeId = await readVolumeId(brick.path, edges.runCommand);
  const canTouch = volumeId.kind !== 'hanging';
  return {
    volume: volume.name as VolumeName,
    volumeId: volume.id as VolumeId,
    path: brick.path as AbsolutePath,
    isUp: process !== null,
    pid: process?.pid ?? null,
    port: process?.port ?? null,
    mountPoint: canTouch ? await mountPointOf(brick.path, mounts) : null,
    hasVolumeId: isSameVolume(volumeId, volume.id),
    pendingHeals: canTouch ? await countPendingHeals(brick.path) : null,
  };
}

/** glusterd keeps options of the whole pool in a file of their own. */
async function hasMultiplexing(storeDirectory: string): Promise<boolean> {
  const options = await readFile(join(storeDirectory, 'options'), 'utf8').catch(() => '');
  return /^cluster\.brick-multiplex=(on|enable|true|yes|1)$/m.test(options);
}

function isSameVolume(state: VolumeIdState, id: string): boolean | null {
  if (state.kind === 'read') return state.id === id;
  return state.kind === 'absent' ? false : null;
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
