// Which slots make up one subvolume. Among the slots that the hard rules leave (judge-slots.ts), in this order:
//
// 1. Zones: at the level where law 3 parts the members, one of each zone; where zones do not suffice, spread over them
//    as evenly as can be.
// 2. Even expected fill at every level of the tree: the least filled zone, in it the least filled server, on it the least
//    filled filesystem, each with the new brick's bytes on it, in proportion to its size.
// 3. Few copysets: a set of servers that already share a subvolume is taken instead, where none of its zones, servers and
//    filesystems would be fuller by more than 2 points of a hundred than its counterpart in the set that rule 2 found.
// 4. Of the filesystems of a server whose fill differs by no more than that: the size nearest to the volume's own bricks.
// 5. The exact fill, then the name: server, then path. Never chance.
//
// Arbiters go first to slots that are too small for data, then to the smallest left, so that they eat no data brick's place.
// Law 3 takes at most one slot of each zone (or server) for a set, so a later set may lack one that this one used up. `cap`
// keeps enough: of places with fewer slots than sets are to come, only so many may be used (choose-sets.ts).

import { compareText } from '../../../shared/lib/compare-text.ts';
import type { ClusterSlot } from '../cluster.ts';
import type { Judge, JudgedSlot } from './judge-slots.ts';
import { expectedOn, fillsOf, isHardlyFuller, type Pick, type Role, tolerance } from './set-fill.ts';
import type { Want } from './want.ts';
import { filesystemKey, fillWith, placeOf, type TreeNode, type ZoneTree } from './zone-tree.ts';

/** Arbiter slots that are tried before data goes first: each is a whole search, and the smallest mostly do. */
const mostArbiterTrials = 16;

/** The slots of one new subvolume: data members sorted by server, arbiters after them. */
export interface SlotSet {
  readonly data: readonly ClusterSlot[];
  readonly arbiters: readonly ClusterSlot[];
}

export interface Cap {
  /** Whether a zone or server of the parting level has fewer slots left than sets are to come. */
  isScarce(place: TreeNode): boolean;
  /** How many of the set's members may stand in such places. */
  readonly mostScarce: number;
}

/** What a set is chosen from. `taken` are the filesystems that sets before it have. */
export interface Choice {
  readonly want: Want;
  readonly tree: ZoneTree;
  readonly judge: Judge;
  readonly taken: ReadonlySet<string>;
  /** The level of the tree whose nodes hold one member at most; servers are the innermost. */
  readonly partingLevel: number;
  readonly cap: Cap | null;
}

/** How a set grows: where its members stand, those that stay counted. */
interface Draft {
  readonly members: Map<TreeNode, number>;
  readonly picks: Pick[];
  scarce: number;
}

/** The best set; null when there is none. */
export function chooseSet(choice: Choice): SlotSet | null {
  const { data, arbiters } = choice.want.missing;
  if (arbiters > 0) return chooseWithArbiters(choice, data, arbiters);
  const draft = startDraft(choice);
  if (!pickMany(choice, draft, data, 'data')) return null;
  return { data: byServer(reusedSet(choice, draft) ?? draft.picks), arbiters: [] };
}

function startDraft({ want, tree }: Choice): Draft {
  const draft: Draft = { members: new Map(), picks: [], scarce: 0 };
  for (const { server } of want.fixed) {
    const node = server === null ? undefined : tree.servers.get(server.name);
    if (node !== undefined) stand(draft, node);
  }
  return draft;
}

function stand({ members }: Draft, server: TreeNode): void {
  for (let node: TreeNode | null = server; node !== null; node = node.parent) {
    members.set(node, (members.get(node) ?? 0) + 1);
  }
}

function add(choice: Choice, draft: Draft, pick: Pick): void {
  draft.picks.push(pick);
  stand(draft, pick.leaf.server);
  if (choice.cap?.isScarce(placeOf(pick.leaf.server, choice.partingLevel)) === true) draft.scarce += 1;
}

function pickMany(choice: Choice, draft: Draft, count: number, role: Role): boolean {
  for (let n = 0; n < count; n += 1) {
    const pick = descend(choice, draft, choice.tree.root, role);
    if (pick === null) return false;
    add(choice, draft, pick);
  }
  return true;
}

function isBlocked({ partingLevel, cap }: Choice, draft: Draft, node: TreeNode): boolean {
  const isPlace = node.level === partingLevel;
  if ((isPlace || node.server !== null) && (draft.members.get(node) ?? 0) > 0) return true;
  return isPlace && cap !== null && draft.scarce >= cap.mostScarce && cap.isScarce(node);
}

/** The best slot below `node` that keeps law 3; ends, because each turn rules out one child. */
function descend(choice: Choice, draft: Draft, node: TreeNode, role: Role): Pick | null {
  if (node.server !== null) return pickOn(choice, node, role);
  const children = node.children.filter((child) => !isBlocked(choice, draft, child));
  const bytes = choice.want.expectedBytes;
  const compare = (a: TreeNode, b: TreeNode): number =>
    (draft.members.get(a) ?? 0) - (draft.members.get(b) ?? 0) ||
    fillWith(a, bytes) - fillWith(b, bytes) ||
    compareText(a.name, b.name);
  // Nearly always the first will do, which needs no sorting.
  const [first, ...rest] = children;
  if (first === undefined) return null;
  const best = rest.reduce((one, other) => (compare(other, one) < 0 ? other : one), first);
  const pick = descend(choice, draft, best, role);
  if (pick !== null) return pick;
  for (const child of children.filter((other) => other !== best).sort(compare)) {
    const next = descend(choice, draft, child, role);
    if (next !== null) return next;
  }
  return null;
}

/** The slots of a server that sets before have left and that are good for the role. */
function slotsOn(
  { judge, taken, tree }: Choice,
  server: TreeNode,
  isGood: (judged: JudgedSlot) => boolean,
): Pick[] {
  return judge(server.name).flatMap((judged) => {
    if (!isGood(judged)) return [];
    const key = filesystemKey(judged.slot);
    const leaf = tree.leaves.get(key);
    return leaf === undefined || taken.has(key) ? [] : [{ slot: judged.slot, leaf }];
  });
}

function pickOn(choice: Choice, server: TreeNode, role: Role): Pick | null {
  const { want } = choice;
  if (role === 'arbiter')
    return slotsOn(choice, server, ({ fits }) => fits !== 'nothing').sort(bySmallest)[0] ?? null;
  const picks = slotsOn(choice, server, ({ fits }) => fits === 'data');
  const fill = ({ leaf }: Pick): number => fillWith(leaf, expectedOn(want, role, leaf.sizeBytes));
  const least = Math.min(...picks.map(fill));
  const apart = ({ leaf }: Pick): number =>
    want.likeBytes === null ? 0 : Math.abs(leaf.sizeBytes - want.likeBytes);
  const [best] = picks
    .filter((pick) => fill(pick) <= least + tolerance)
    .sort(
      (a, b) => apart(a) - apart(b) || fill(a) - fill(b) || compareText(a.slot.slot.path, b.slot.slot.path),
    );
  return best ?? null;
}

function bySmallest(a: Pick, b: Pick): number {
  return (
    a.leaf.sizeBytes - b.leaf.sizeBytes ||
    compareText(a.slot.server, b.slot.server) ||
    compareText(a.slot.slot.path, b.slot.slot.path)
  );
}

/** Arbiters on small slots as long as the others still give the data; else the data first, then the smallest left. */
function chooseWithArbiters(choice: Choice, data: number, arbiters: number): SlotSet | null {
  const small = [...choice.tree.servers.values()]
    .flatMap((server) => slotsOn(choice, server, ({ fits }) => fits === 'arbiter').sort(bySmallest)[0] ?? [])
    .sort(bySmallest);
  for (let first = 0; first + arbiters <= small.length && first < mostArbiterTrials; first += 1) {
    const chosen = small.slice(first, first + arbiters);
    const draft = startDraft(choice);
    if (!chosen.every((pick) => standsFree(choice, draft, pick))) continue;
    if (pickMany(choice, draft, data, 'data'))
      return { data: byServer(draft.picks.slice(arbiters)), arbiters: slots(chosen) };
  }
  const draft = startDraft(choice);
  if (!pickMany(choice, draft, data, 'data')) return null;
  const chosen: Pick[] = [];
  for (let n = 0; n < arbiters; n += 1) {
    const pick = smallestLeft(choice, draft);
    if (pick === null) return null;
    add(choice, draft, pick);
    chosen.push(pick);
  }
  return { data: byServer(draft.picks.slice(0, data)), arbiters: slots(chosen) };
}

/** Adds `pick` where law 3 lets it stand. */
function standsFree(choice: Choice, draft: Draft, pick: Pick): boolean {
  const { server } = pick.leaf;
  const isFree =
    !isBlocked(choice, draft, server) && !isBlocked(choice, draft, placeOf(server, choice.partingLevel));
  if (isFree) add(choice, draft, pick);
  return isFree;
}

function smallestLeft(choice: Choice, draft: Draft): Pick | null {
  const free = [...choice.tree.servers.values()].filter(
    (server) =>
      !isBlocked(choice, draft, server) && !isBlocked(choice, draft, placeOf(server, choice.partingLevel)),
  );
  return free.flatMap((server) => pickOn(choice, server, 'arbiter') ?? []).sort(bySmallest)[0] ?? null;
}

/** A set on servers that share subvolumes already, hardly fuller than `draft`; null when there is none. */
function reusedSet(choice: Choice, draft: Draft): Pick[] | null {
  const { tree, want } = choice;
  const fixed = new Set<string>(want.fixed.flatMap(({ server }) => server?.name ?? []));
  const size = draft.picks.length;
  if (fixed.size + size < 2 || choice.cap !== null) return null;
  const limits = fillsOf(want, draft.picks);
  const limit = (limits[0]?.at(-1) ?? 0) + tolerance;
  const candidates: { worst: number; key: string; servers: TreeNode[] }[] = [];
  for (const [key, names] of tree.copysets) {
    if (names.length !== fixed.size + size) continue;
    const servers = serversWithin(choice, names, fixed, limit);
    if (servers.length === size) candidates.push({ worst: worstOf(servers, want), key, servers });
  }
  candidates.sort((a, b) => a.worst - b.worst || compareText(a.key, b.key));
  for (const { servers } of candidates) {
    const reused = startDraft(choice);
    const isWhole = servers.every((server) => {
      const pick = pickOn(choice, server, 'data');
      return pick !== null && standsFree(choice, reused, pick);
    });
    if (!isWhole || spreadOf(reused) > spreadOf(draft)) continue;
    if (isHardlyFuller(fillsOf(want, reused.picks), limits)) return reused.picks;
  }
  return null;
}

/** The servers of a copyset but the `fixed`; none when one of them is fuller than `limit`. */
function serversWithin(
  { tree, want }: Choice,
  names: readonly string[],
  fixed: ReadonlySet<string>,
  limit: number,
): TreeNode[] {
  const servers: TreeNode[] = [];
  for (const name of names) {
    if (fixed.has(name)) continue;
    const server = tree.servers.get(name);
    if (server === undefined || fillWith(server, want.expectedBytes) > limit) return [];
    servers.push(server);
  }
  return servers;
}

function worstOf(servers: readonly TreeNode[], want: Want): number {
  return Math.max(...servers.map((server) => fillWith(server, want.expectedBytes)));
}

/** The most members in one zone, zones of all levels but the root taken together: what rule 1 keeps small. */
function spreadOf({ members }: Draft): number {
  let squares = 0;
  for (const [node, count] of members) if (node.level > 0) squares += count * count;
  return squares;
}

function byServer(picks: readonly Pick[]): ClusterSlot[] {
  return slots(picks).sort((a, b) => compareText(a.server, b.server));
}

function slots(picks: readonly Pick[]): ClusterSlot[] {
  return picks.map(({ slot }) => slot);
}
