// Finds a nats-server, and where the machine has none brings Debian's own into the cache of this tree. The package
// is unpacked, not installed: installing it would start a NATS on port 4222 and keep it enabled.
import { constants } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MortarError } from '../shared/lib/errors.ts';
import { unpackDebianPackage } from './debian-package.ts';

/** Directories to search, first to last, and the folder into which a downloaded package is unpacked. */
export type Places = { search: string[]; cache: string };

/**
 * The path of a nats-server: from PATH, from /usr/sbin (which PATH often lacks), or from the cache, into which it is
 * downloaded (4 MB, and apt's lists) when it is nowhere. Raises `not-found` with the reason when that does not work.
 */
export async function findNatsServer(places: Places = usualPlaces()): Promise<string> {
  const cached = join(places.cache, 'usr/sbin/nats-server');
  const candidates = [...places.search.map((directory) => join(directory, 'nats-server')), cached];
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  await download(cached);
  return cached;
}

function usualPlaces(): Places {
  const path = (process.env.PATH ?? '').split(':').filter((directory) => directory.startsWith('/'));
  return {
    search: [...path, '/usr/sbin'],
    cache: join(import.meta.dirname, '../.cache/debian'),
  };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Only the program is moved into the cache, last, so that two at once and a cut-off one do no harm. */
async function download(target: string): Promise<void> {
  const unpacked = `${target}.${process.pid}.package`;
  try {
    await unpackDebianPackage({ packageName: 'nats-server', withLibraries: false }, unpacked);
    await rename(join(unpacked, 'usr/sbin/nats-server'), target);
  } catch (cause) {
    throw new MortarError(
      'not-found',
      'there is no nats-server here and it could not be downloaded with apt-get; on Debian, "apt-get install nats-server" brings it',
      { cause },
    );
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}
