// Finds things in a cluster by their key without walking all of it. Made once for each cluster, when it is first asked
// for: a Cluster never changes, so that what was found in it stays true.
import type { VolumeId } from '../../shared/model/names.ts';
import type { Cluster, ClusterServer, ClusterSlot, ClusterVolume } from './cluster.ts';

export interface ClusterIndex {
  readonly servers: ReadonlyMap<string, ClusterServer>;
  readonly volumes: ReadonlyMap<VolumeId, ClusterVolume>;
  /** By server, sorted by path. */
  readonly slots: ReadonlyMap<string, readonly ClusterSlot[]>;
}

const indexes = new WeakMap<Cluster, ClusterIndex>();

/** The index of `cluster`; of two things with one key it has the first, as a search from the front would. */
export function indexOf(cluster: Cluster): ClusterIndex {
  const known = indexes.get(cluster);
  if (known !== undefined) return known;
  const slots = new Map<string, ClusterSlot[]>();
  for (const slot of cluster.slots) {
    const group = slots.get(slot.server);
    if (group === undefined) slots.set(slot.server, [slot]);
    else group.push(slot);
  }
  const index = {
    servers: new Map([...cluster.servers].reverse().map((server) => [server.name, server])),
    volumes: new Map([...cluster.volumes].reverse().map((volume) => [volume.volume.id, volume])),
    slots,
  };
  indexes.set(cluster, index);
  return index;
}

/** The slot of `server` at exactly `path`; undefined when it offers none there. */
export function slotAt(cluster: Cluster, server: string, path: string): ClusterSlot | undefined {
  return indexOf(cluster)
    .slots.get(server)
    ?.find(({ slot }) => slot.path === path);
}
