// The trusted storage pool that a volume lives in, as its fresh members see it: everybody whose state matters to a
// change of the volume, also a member that has no brick of it and one from which no agent reports.

import { sortedByText } from '../../../shared/lib/compare-text.ts';
import type { PeerUuid } from '../../../shared/model/names.ts';
import type { Cluster, ClusterServer, ClusterVolume } from '../cluster.ts';
import { freshWords } from '../view-volumes.ts';

export interface PoolMember {
  readonly uuid: PeerUuid;
  /** The server's name by its agent; where none reports, the name that a peer has for it. */
  readonly name: string;
  readonly server: ClusterServer | null;
}

/** What was found for a cluster, by the names of the servers that know a volume: volumes of one pool share it. */
const pools = new WeakMap<Cluster, Map<string, readonly PoolMember[]>>();
const disconnections = new WeakMap<readonly PoolMember[], ReadonlyMap<PeerUuid, string>>();

/** Every member of the volume's pool, sorted by name: those that know the volume, and all peers of theirs. */
export function poolOf(cluster: Cluster, volume: ClusterVolume): readonly PoolMember[] {
  const knowers = freshWords(cluster.servers, volume.volume).map(({ server }) => server);
  const key = knowers.map((server) => server.name).join(' ');
  const known = pools.get(cluster) ?? new Map<string, readonly PoolMember[]>();
  pools.set(cluster, known);
  const pool = known.get(key) ?? findPool(cluster, knowers);
  known.set(key, pool);
  return pool;
}

function findPool(cluster: Cluster, knowers: readonly ClusterServer[]): PoolMember[] {
  const names = new Map<PeerUuid, string>();
  for (const server of knowers) {
    if (server.gluster === null) continue;
    names.set(server.gluster.uuid, server.name);
    for (const peer of server.gluster.peers) {
      const known = names.get(peer.uuid);
      const name = peer.hostNames[0] ?? peer.uuid;
      // The smallest of the names that its peers have for it, so that their order does not decide.
      if (known === undefined || name < known) names.set(peer.uuid, name);
    }
  }
  const servers = new Map(cluster.servers.map((server) => [server.gluster?.uuid, server]));
  const members = [...names].map(([uuid, name]): PoolMember => {
    const server = servers.get(uuid) ?? null;
    return { uuid, name: server?.name ?? name, server };
  });
  return sortedByText(members, (member) => `${member.name} ${member.uuid}`);
}

/**
 * Why each member is not a connected one, in one sentence; members without an entry are seen as connected by all fresh
 * others, and see them so. Both ways, because a firewall may drop one direction only.
 */
export function findDisconnected(pool: readonly PoolMember[]): ReadonlyMap<PeerUuid, string> {
  const known = disconnections.get(pool);
  if (known !== undefined) return known;
  const positions = new Map(pool.map(({ uuid }, index) => [uuid, index]));
  const doubts = pool.map((observer, index) => doubtsOf(observer, index, pool, positions));
  const problems = new Map<PeerUuid, string>();
  if (doubts.some((of) => of.size > 0)) {
    for (const [index, member] of pool.entries()) {
      for (let other = 0; other < pool.length; other += 1) {
        const why = doubts[other]?.get(index) ?? doubts[index]?.get(other);
        if (why === undefined) continue;
        problems.set(member.uuid, why);
        break;
      }
    }
  }
  disconnections.set(pool, problems);
  return problems;
}

/** Whom a member does not see as a connected one, by position in the pool; nobody where nothing fresh is known of it. */
function doubtsOf(
  observer: PoolMember,
  own: number,
  pool: readonly PoolMember[],
  positions: ReadonlyMap<PeerUuid, number>,
): ReadonlyMap<number, string> {
  const doubts = new Map<number, string>();
  if (observer.server?.isFresh !== true || observer.server.gluster === null) return doubts;
  const isSeen = new Uint8Array(pool.length);
  isSeen[own] = 1;
  for (const peer of observer.server.gluster.peers) {
    const index = positions.get(peer.uuid);
    if (index === undefined || index === own) continue;
    isSeen[index] = 1;
    const name = pool[index]?.name;
    if (!peer.isConnected) doubts.set(index, `${observer.name} sees ${name} as disconnected`);
    else if (!peer.isMember) doubts.set(index, `${observer.name} sees ${name} as "${peer.state}"`);
    else doubts.delete(index);
  }
  for (let index = isSeen.indexOf(0); index >= 0; index = isSeen.indexOf(0, index + 1)) {
    doubts.set(index, `${observer.name} does not have ${pool[index]?.name} in its pool`);
  }
  return doubts;
}
