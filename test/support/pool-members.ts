// All servers of a cluster as one pool, for placements of new volumes, which no volume tells the pool of.
import type { Cluster } from '../../coordinator/core/cluster.ts';
import type { PoolMember } from '../../coordinator/core/membership/pool.ts';

/** Every server whose glusterd was seen, in the cluster's order. */
export function createPoolMembers(cluster: Cluster): PoolMember[] {
  return cluster.servers.flatMap((server) =>
    server.gluster === null ? [] : [{ uuid: server.gluster.uuid, name: server.name, server }],
  );
}
