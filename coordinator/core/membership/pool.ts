// The trusted storage pool that a volume lives in, as its fresh members see it: everybody whose state matters to a
// change of the volume, also a member that has no brick of it and one from which no agent reports.
import type { PeerUuid } from '../../../shared/model/names.ts';
import type { Cluster, ClusterServer, ClusterVolume } from '../cluster.ts';
import { sortedByText } from '../compare-text.ts';
import { freshWords } from '../view-volumes.ts';

export interface PoolMember {
  readonly uuid: PeerUuid;
  /** The server's name by its agent; where none reports, the name that a peer has for it. */
  readonly name: string;
  readonly server: ClusterServer | null;
}

/** Every member of the volume's pool, sorted by name: those that know the volume, and all peers of theirs. */
export function poolOf(cluster: Cluster, volume: ClusterVolume): PoolMember[] {
  const names = new Map<PeerUuid, string>();
  for (const { server } of freshWords(cluster.servers, volume.volume)) {
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
  const peersOf = new Map(
    pool.map(({ uuid, server }) => [uuid, new Map(server?.gluster?.peers.map((peer) => [peer.uuid, peer]))]),
  );
  const problem = (observer: PoolMember, observed: PoolMember): string | null => {
    if (observer.server?.isFresh !== true || observer.server.gluster === null) return null;
    const peer = peersOf.get(observer.uuid)?.get(observed.uuid);
    if (peer === undefined) return `${observer.name} does not have ${observed.name} in its pool`;
    if (!peer.isConnected) return `${observer.name} sees ${observed.name} as disconnected`;
    return peer.isMember ? null : `${observer.name} sees ${observed.name} as "${peer.state}"`;
  };
  const problems = new Map<PeerUuid, string>();
  for (const member of pool) {
    for (const other of pool) {
      if (other.uuid === member.uuid) continue;
      const why = problem(other, member) ?? problem(member, other);
      if (why === null) continue;
      problems.set(member.uuid, why);
      break;
    }
  }
  return problems;
}
