// Law 3, "nor in one zone where zones suffice": the level of the tree at which the members of a subvolume must part. Zones
// suffice at a level when the servers that offer slots at all stand in at least as many of them as a subvolume has
// members, whatever state those slots are in just now: a zone that is full or silent today must not put two copies into
// one rack for good.
import { placeOf, type TreeNode, type ZoneTree } from './zone-tree.ts';

/** The outermost level at which `servers` (by name) stand in `members` places or more; that of servers when none is. */
export function partingLevel(tree: ZoneTree, servers: readonly string[], members: number): number {
  const nodes = servers.flatMap((name) => tree.servers.get(name) ?? []);
  if (members > 1) {
    for (let level = 1; level < tree.serverLevel; level += 1) {
      const places = new Set<TreeNode>();
      for (const node of nodes) if (places.add(placeOf(node, level)).size >= members) return level;
    }
  }
  return tree.serverLevel;
}
