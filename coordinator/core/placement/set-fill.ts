// How full a set of slots would make what it lies on, and when another set is hardly fuller.
import type { ClusterSlot } from '../cluster.ts';
import { arbiterShare } from './judge-slots.ts';
import type { Want } from './want.ts';
import { fillWith, type TreeLeaf } from './zone-tree.ts';

/** 2 points of a hundred: less than anybody's level or target is set apart, and enough for sets to be used again. */
export const tolerance = 0.02;

export type Role = 'data' | 'arbiter';

/** A slot that may be taken, with the filesystem under it. */
export interface Pick {
  readonly slot: ClusterSlot;
  readonly leaf: TreeLeaf;
}

/** What a brick in that role is expected to hold, in bytes. */
export function expectedOn(want: Want, role: Role, sizeBytes: number): number {
  const whole = Math.round(want.expectedBytes * (role === 'arbiter' ? arbiterShare : 1));
  // A volume that grows leaves less on a smaller brick; what is given in bytes stays that.
  if (want.mustHoldBytes > 0 || want.likeBytes === null) return whole;
  return Math.round(whole * Math.min(1, sizeBytes / want.likeBytes));
}

/** Whether each fill is at most the tolerance above its counterpart in `limits`. */
export function isHardlyFuller(fills: readonly number[][], limits: readonly number[][]): boolean {
  return fills.every((own, kind) => own.every((fill, at) => fill <= (limits[kind]?.[at] ?? 0) + tolerance));
}

/** The fills of a set's servers, of its filesystems, and of its zones of each level; each list in rising order. */
export function fillsOf(want: Want, picks: readonly Pick[]): number[][] {
  const lists: number[][] = [];
  const see = (kind: number, fill: number): void => {
    const list = lists[kind] ?? [];
    list.push(fill);
    lists[kind] = list;
  };
  for (const { leaf } of picks) {
    see(0, fillWith(leaf.server, want.expectedBytes));
    see(1, fillWith(leaf, expectedOn(want, 'data', leaf.sizeBytes)));
    for (let node = leaf.server.parent; node !== null; node = node.parent) {
      see(2 + node.level, fillWith(node, want.expectedBytes));
    }
  }
  return lists.map((list) => list.sort((a, b) => a - b));
}
