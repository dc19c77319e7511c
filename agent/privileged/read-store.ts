// What glusterd keeps on disk about its volumes: the generation and checksum of each, and whose every brick is. Read
// here because no lock-free command tells it, and because it is there when glusterd itself is down. The `info` files
// also hold passwords, so nothing but the named keys leaves this file.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, MortarError, systemCodeOf } from '../../shared/lib/errors.ts';
import { delay } from '../../shared/runtime/delay.ts';
import { readTextFile } from '../../shared/runtime/files.ts';
import { parseCksum, parseVolumeStore } from './gluster/parse-cksum.ts';

/** The info of a volume of 1,000 bricks is about 60 KiB. */
const maxFileBytes = 4 * 1024 * 1024;

/** An empty `info` was seen for less than a second on a busy server. */
const emptyTurns = 5;
const emptyDelayMs = 200;

export interface StoredBrick {
  host: string;
  path: string;
  /** UUID of the peer that the brick is on. */
  peer: string;
}

export interface StoredVolume {
  name: string;
  id: string;
  /** Both are null when glusterd was writing while this was read. */
  version: number | null;
  checksum: number | null;
  bricks: StoredBrick[];
}

export interface Store {
  /** UUID of this server's own glusterd. */
  uuid: string;
  volumes: StoredVolume[];
}

/** The store in `directory`. Throws MortarError('bad-output') when there is none or it cannot be read. */
export async function readStore(directory: string): Promise<Store> {
  try {
    const uuid = valueIn('UUID', (await readOrNull(join(directory, 'glusterd.info'))) ?? '');
    if (!uuid)
      throw new MortarError('bad-output', 'glusterd.info holds no UUID; glusterd has never run here');
    const volumes: StoredVolume[] = [];
    for (const name of await namesIn(join(directory, 'vols'))) {
      const volume = await readVolume(join(directory, 'vols', name), name);
      if (volume) volumes.push(volume);
    }
    return { uuid, volumes };
  } catch (error) {
    throw new MortarError('bad-output', `cannot read glusterd's store in ${directory}`, { cause: error });
  }
}

/** Null for what a failed `volume create` leaves: a directory without an `info`, or with an empty one. */
async function readVolume(directory: string, name: string): Promise<StoredVolume | null> {
  const info = await readWhole(join(directory, 'info'));
  if (info === null) return null;
  const { volumeId, version } = parseVolumeStore(info);
  const cksum = await readOrNull(join(directory, 'cksum'));
  const bricks: StoredBrick[] = [];
  for (const file of await namesIn(join(directory, 'bricks'))) {
    const text = (await readOrNull(join(directory, 'bricks', file))) ?? '';
    const [host, path, peer] = [valueIn('hostname', text), valueIn('path', text), valueIn('uuid', text)];
    if (host && path && peer) bricks.push({ host, path, peer });
  }
  // Each file is whole, the set of them is not: only an unchanged version says that the checksum belongs to it.
  const isUnchanged = info === (await readOrNull(join(directory, 'info')));
  return {
    name,
    id: volumeId,
    version: isUnchanged ? version : null,
    checksum: isUnchanged && cksum !== null ? parseCksum(cksum) : null,
    bricks,
  };
}

/** While `volume create` runs its `info` is there and empty for a moment; what stays empty is no volume. */
async function readWhole(path: string): Promise<string | null> {
  for (let turn = 0; turn < emptyTurns; turn += 1) {
    const text = await readOrNull(path);
    if (text !== '') return text;
    await delay(emptyDelayMs);
  }
  return null;
}

function valueIn(key: string, text: string): string | undefined {
  return text
    .split('\n')
    .find((line) => line.startsWith(`${key}=`))
    ?.slice(key.length + 1);
}

/** Null when the file is gone: a volume may be deleted between two reads. */
async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readTextFile(path, { maxBytes: maxFileBytes });
  } catch (error) {
    if (errorCodeOf(error) === 'not-found') return null;
    throw error;
  }
}

async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown): string[] => {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  });
  // glusterd writes a new file beside the old one and renames it.
  return names.filter((name) => !name.endsWith('.tmp')).sort();
}
