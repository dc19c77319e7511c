// The cluster as a tree (zone path, server, filesystem) with the bytes that are expected on each part of it.
//
// A filesystem is expected to become as full as the volumes on it are on average, for DHT spreads a volume's files evenly
// over its subvolumes in time: a brick that was added yesterday is empty, and will not stay so. To that comes what plans
// in flight will bring. Its own used bytes count where they are more.

import { sortedByText } from '../../../shared/lib/compare-text.ts';
import { bricksOf, type Cluster, type ClusterServer, type ClusterSlot } from '../cluster.ts';
import { indexOf } from '../cluster-index.ts';
import { copysetsOf } from './copysets.ts';
import type { Reservation } from './reservations.ts';
import { zoneAt, zoneLevels } from './zone-path.ts';

/** A zone or a server; the root is a zone of level 0. Servers all have the same level, one more than the innermost zones. */
export interface TreeNode {
  readonly name: string;
  readonly level: number;
  readonly parent: TreeNode | null;
  /** Sorted by name; empty for a server. */
  readonly children: TreeNode[];
  readonly server: ClusterServer | null;
  sizeBytes: number;
  /** Expected bytes, reservations counted. */
  usedBytes: number;
}

/** A filesystem that may hold bricks. */
export interface TreeLeaf {
  readonly server: TreeNode;
  readonly sizeBytes: number;
  usedBytes: number;
  /** Of the expected bytes, those that are not there yet but surely will be: a brick must fit beside them. */
  reservedBytes: number;
}

export interface ZoneTree {
  readonly cluster: Cluster;
  readonly root: TreeNode;
  /** The level of all servers: one more than the innermost zones have. */
  readonly serverLevel: number;
  readonly servers: ReadonlyMap<string, TreeNode>;
  /** By `filesystemKey`. */
  readonly leaves: ReadonlyMap<string, TreeLeaf>;
  readonly copysets: Map<string, readonly string[]>;
  /** What takes back each change since the tree was made, oldest first. */
  readonly undo: (() => void)[];
}

const keys = new WeakMap<ClusterSlot, string>();

/** The identity of a slot's filesystem within the cluster; made once, for it is what everything is looked up by. */
export function filesystemKey(slot: ClusterSlot): string {
  const known = keys.get(slot);
  if (known !== undefined) return known;
  const key = keyOf(slot.server, slot.filesystem?.deviceNumber ?? '');
  keys.set(slot, key);
  return key;
}

/** A device number means something on its own server only. */
function keyOf(server: string, deviceNumber: string): string {
  return `${server} ${deviceNumber}`;
}

/** The tree of all servers of `cluster`, without reservations. Filesystems of unknown size and root's are left out. */
export function growTree(cluster: Cluster): ZoneTree {
  const root: TreeNode = makeNode('', 0, null, null);
  const levels = zoneLevels(cluster.servers);
  const nodes = new Map<string, TreeNode>();
  const servers = new Map<string, TreeNode>();
  for (const server of sortedByText(cluster.servers, ({ zone, name }) => `${zone ?? ''} ${name}`)) {
    let parent = root;
    for (let level = 1; level <= levels; level += 1) {
      const zone = zoneAt(server, level);
      const node = nodes.get(`${level} ${zone}`) ?? makeNode(zone, level, parent, null);
      nodes.set(`${level} ${zone}`, node);
      parent = node;
    }
    if (!servers.has(server.name))
      servers.set(server.name, makeNode(server.name, levels + 1, parent, server));
  }
  return {
    cluster,
    root,
    serverLevel: levels + 1,
    servers,
    leaves: hangLeaves(cluster, servers),
    copysets: new Map(copysetsOf(cluster)),
    undo: [],
  };
}

const trees = new WeakMap<Cluster, ZoneTree>();

/** What `use` answers with the tree of `cluster`, which is made once; whatever `use` reserves in it is taken back. */
export function withTree<T>(cluster: Cluster, use: (tree: ZoneTree) => T): T {
  const tree = trees.get(cluster) ?? growTree(cluster);
  trees.set(cluster, tree);
  try {
    return use(tree);
  } finally {
    takeBack(tree, 0);
  }
}

/** Expects what plans in flight will bring. Slots that are gone hold nothing. */
export function reserveAll(tree: ZoneTree, reservations: readonly Reservation[]): void {
  for (const { server, mountPoint, bytes = 0, isProposal = false } of reservations) {
    const slots = indexOf(tree.cluster).slots.get(server) ?? [];
    const slot = slots.find((candidate) => candidate.slot.mountPoint === mountPoint);
    const leaf = slot && tree.leaves.get(filesystemKey(slot));
    if (leaf !== undefined) reserve(tree, leaf, bytes, isProposal);
  }
}

/** Expects `bytes` more on the filesystem of `leaf`, and so on its server and zones. */
export function reserve(tree: ZoneTree, leaf: TreeLeaf, bytes: number, isProposal = false): void {
  const { usedBytes, reservedBytes } = leaf;
  leaf.usedBytes += bytes;
  if (!isProposal) leaf.reservedBytes += bytes;
  const before: [TreeNode, number][] = [];
  for (let node: TreeNode | null = leaf.server; node !== null; node = node.parent) {
    before.push([node, node.usedBytes]);
    node.usedBytes += bytes;
  }
  // The old values and not a subtraction: sums of bytes are beyond what a double holds exactly.
  tree.undo.push(() => {
    leaf.usedBytes = usedBytes;
    leaf.reservedBytes = reservedBytes;
    for (const [node, used] of before) node.usedBytes = used;
  });
}

/** Takes the newest changes back until only the first `kept` are left. */
export function takeBack(tree: ZoneTree, kept: number): void {
  while (tree.undo.length > kept) tree.undo.pop()?.();
}

/** The fill from 0 to 1 (or above) of a zone, server or filesystem with `bytes` more on it. */
export function fillWith(
  part: { readonly sizeBytes: number; readonly usedBytes: number },
  bytes: number,
): number {
  return part.sizeBytes === 0 ? Number.POSITIVE_INFINITY : (part.usedBytes + bytes) / part.sizeBytes;
}

/** The node of `level` that `server` stands in; the server itself at its own level. */
export function placeOf(server: TreeNode, level: number): TreeNode {
  let node = server;
  while (node.level > level && node.parent !== null) node = node.parent;
  return node;
}

function makeNode(
  name: string,
  level: number,
  parent: TreeNode | null,
  server: ClusterServer | null,
): TreeNode {
  const node: TreeNode = { name, level, parent, children: [], server, sizeBytes: 0, usedBytes: 0 };
  parent?.children.push(node);
  return node;
}

function hangLeaves(cluster: Cluster, servers: ReadonlyMap<string, TreeNode>): Map<string, TreeLeaf> {
  const fractions = expectedFractions(cluster);
  const leaves = new Map<string, TreeLeaf>();
  for (const [name, server] of servers) {
    for (const slot of indexOf(cluster).slots.get(name) ?? []) {
      const key = filesystemKey(slot);
      const { filesystem } = slot;
      if (filesystem === null || filesystem.isRoot || filesystem.sizeBytes === 0 || leaves.has(key)) continue;
      const { sizeBytes, freeBytes } = filesystem;
      const usedBytes = Math.max(sizeBytes - freeBytes, Math.round(sizeBytes * (fractions.get(key) ?? 0)));
      leaves.set(key, { server, sizeBytes, usedBytes, reservedBytes: 0 });
      for (let node: TreeNode | null = server; node !== null; node = node.parent) {
        node.sizeBytes += sizeBytes;
        node.usedBytes += usedBytes;
      }
    }
  }
  return leaves;
}

/** How full the volumes with data bricks on each filesystem are, on average, from 0 to 1. */
function expectedFractions(cluster: Cluster): Map<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const volume of cluster.volumes) {
    const { space } = volume;
    if (space === null || space.sizeBytes === 0) continue;
    const fraction = 1 - space.freeBytes / space.sizeBytes;
    for (const { brick, server, filesystem } of bricksOf(volume)) {
      if (server === null || filesystem === null || brick.isArbiter) continue;
      const key = keyOf(server.name, filesystem.deviceNumber);
      const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 };
      sums.set(key, { sum: sum + fraction, count: count + 1 });
    }
  }
  return new Map([...sums].map(([key, { sum, count }]) => [key, sum / count]));
}
