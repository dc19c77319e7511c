// How each name of the pool resolves on this server, by getaddrinfo as glusterd itself asks: one server whose hosts table
// differs makes Gluster's commands fail on all of them.
import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describeError, systemCodeOf } from '../../shared/lib/errors.ts';
import type { Gluster } from '../../shared/model/gluster.ts';
import type { ServerName } from '../../shared/model/names.ts';
import type { NameResolution } from '../../shared/model/network.ts';
import type { OneAtATime } from '../../shared/runtime/one-at-a-time.ts';
import type { Observer } from './observer.ts';

/** The resolver as an edge. */
export interface Resolver {
  /** All addresses of `name`; throws an error with the code ENOTFOUND when there is no such name. */
  lookup(name: string): Promise<string[]>;
  /** The addresses of this server's own interfaces. */
  localAddresses(): ReadonlySet<string>;
}

export const systemResolver: Resolver = {
  async lookup(name) {
    const found: LookupAddress[] = await dns.lookup(name, { all: true });
    return found.map(({ address }) => address);
  },
  localAddresses() {
    const interfaces = Object.values(networkInterfaces()).flat();
    return new Set(interfaces.map((each) => each?.address ?? ''));
  },
};

/** A resolver that needs longer than this makes glusterd's own connections fail too. */
const lookupLimitMs = 5_000;
/** A lookup holds a thread of the pool that the disk reads need as well. */
const maxLookups = 4;
/** As many as a section may hold. */
const maxNames = 2_000;

/** The observer of the names in `poolNames()`. */
export function observeNames(
  poolNames: () => readonly string[],
  resolver: Resolver,
  oneAtATime: OneAtATime,
): Observer<'names'> {
  return {
    // 2,000 names that each answer in 50 ms; a resolver that hangs is given up sooner, see resolveAll.
    limitMs: 30_000,
    look: () => resolveAll(poolNames().slice(0, maxNames), resolver, oneAtATime),
  };
}

/** Every name under which this server and its peers are known, sorted; `own` among them. */
export function namesOfPool(own: ServerName, gluster: Gluster | null): string[] {
  const names = new Set<string>([own]);
  for (const peer of gluster?.peers ?? []) for (const name of peer.hostNames) names.add(name);
  for (const volume of gluster?.volumes ?? []) for (const brick of volume.bricks) names.add(brick.host);
  return [...names].sort();
}

async function resolveAll(
  names: readonly string[],
  resolver: Resolver,
  oneAtATime: OneAtATime,
): Promise<NameResolution[]> {
  const local = resolver.localAddresses();
  const resolutions: NameResolution[] = new Array(names.length);
  let next = 0;
  let hasHung = false;
  const worker = async () => {
    for (let index = next++; index < names.length; index = next++) {
      const name = names[index]!;
      if (hasHung) {
        resolutions[index] = unresolved(name, 'not asked, because the resolver does not answer');
        continue;
      }
      try {
        const call = () => resolver.lookup(name);
        resolutions[index] = resolved(
          name,
          await oneAtATime.run(`the resolver for ${name}`, lookupLimitMs, call),
          local,
        );
      } catch (error) {
        if (oneAtATime.isOutstanding(`the resolver for ${name}`)) hasHung = true;
        resolutions[index] = unresolved(
          name,
          systemCodeOf(error) === 'ENOTFOUND' ? null : describeError(error),
        );
      }
    }
  };
  await Promise.all(Array.from({ length: maxLookups }, worker));
  return resolutions;
}

function resolved(name: string, addresses: readonly string[], local: ReadonlySet<string>): NameResolution {
  const isLoopback = addresses.some(isLoopbackAddress);
  return {
    name,
    addresses: [...new Set(addresses)].sort().slice(0, 64),
    error: null,
    isLocal: isLoopback || addresses.some((address) => local.has(address)),
    isLoopback,
  };
}

function unresolved(name: string, error: string | null): NameResolution {
  return {
    name,
    addresses: [],
    error: error === null ? null : error.slice(0, 256),
    isLocal: false,
    isLoopback: false,
  };
}

function isLoopbackAddress(address: string): boolean {
  return isIP(address) === 4
    ? address.startsWith('127.')
    : address === '::1' || address.startsWith('::ffff:127.');
}
