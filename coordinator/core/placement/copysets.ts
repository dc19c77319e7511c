// Copysets: the different sets of servers that hold all copies of some subvolume. If all servers of one are lost at once,
// data is; so the fewer there are, the fewer the ways to lose data (Cidon et al., "Copysets", USENIX ATC 2013). Scatter
// width: on how many other servers the copies of one server's data lie, at most; the wider, the faster a heal.
import type { Cluster } from '../cluster.ts';

/** The server names of each set with two members or more, sorted, by their joined text. */
export type Copysets = ReadonlyMap<string, readonly string[]>;

const known = new WeakMap<Cluster, Copysets>();

/** The copysets of all volumes; a subvolume with a brick on a server that nobody reports from is left out. */
export function copysetsOf(cluster: Cluster): Copysets {
  const found = known.get(cluster);
  if (found !== undefined) return found;
  const copysets = new Map<string, readonly string[]>();
  for (const volume of cluster.volumes) {
    for (const { bricks } of volume.subvolumes) {
      const servers = bricks.flatMap(({ server }) => server?.name ?? []);
      if (servers.length === bricks.length) addCopyset(copysets, servers);
    }
  }
  known.set(cluster, copysets);
  return copysets;
}

/** Adds the set of `servers`, if it is one and is not there yet; answers its key where it was added. */
export function addCopyset(
  copysets: Map<string, readonly string[]>,
  servers: readonly string[],
): string | null {
  const names = [...new Set(servers)].sort();
  const key = names.join(' ');
  if (names.length < 2 || copysets.has(key)) return null;
  copysets.set(key, names);
  return key;
}

/** With how many other servers the server that shares copysets with the most of them does; 0 without copysets. */
export function scatterWidthOf(copysets: Copysets): number {
  const partners = new Map<string, Set<string>>();
  for (const servers of copysets.values()) {
    for (const server of servers) {
      const others = partners.get(server) ?? new Set();
      for (const other of servers) others.add(other);
      partners.set(server, others);
    }
  }
  // Each server was counted with itself.
  return [...partners.values()].reduce((most, others) => Math.max(most, others.size - 1), 0);
}
