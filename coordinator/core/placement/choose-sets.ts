// Several subvolumes, one after the other: each takes the best slots that the ones before it left, and what it will hold
// counts for the next. Where that yields too few (two slots on one server, one each on two others), it is done again with
// as many as there can be in mind. That number is exact: n sets of m members, one of each place at most, exist if and only
// if the places' slots, each place's counted up to n, are m × n or more.
import { type Cap, type Choice, chooseSet, type SlotSet } from './choose-set.ts';
import { addCopyset } from './copysets.ts';
import type { Judge } from './judge-slots.ts';
import { expectedOn } from './set-fill.ts';
import type { Want } from './want.ts';
import { filesystemKey, placeOf, reserve, type TreeNode, takeBack, type ZoneTree } from './zone-tree.ts';

export interface Search {
  readonly want: Want;
  readonly tree: ZoneTree;
  readonly judge: Judge;
  readonly partingLevel: number;
  readonly count: number;
  readonly isEnough: (sets: readonly SlotSet[]) => boolean;
}

/** At most `count` sets, whose bytes are reserved in the tree; fewer when the slots run out, or `isEnough` says so. */
export function chooseSets(search: Search): SlotSet[] {
  const kept = search.tree.undo.length;
  const byRoom = chooseInTurn(search, null);
  if (byRoom.length >= search.count || (byRoom.length > 0 && search.isEnough(byRoom))) return byRoom;
  const room = roomByPlace(search);
  const most = mostSets([...room.values()], search.want.missing.data, search.count);
  if (most <= byRoom.length) return byRoom;
  takeBack(search.tree, kept);
  return chooseInTurn(search, { room, most });
}

/** With `plan`, as many as `plan.most` sets are kept possible. */
function chooseInTurn(search: Search, plan: { room: Map<TreeNode, number>; most: number } | null): SlotSet[] {
  const { want, tree, judge, partingLevel } = search;
  const taken = new Set<string>();
  const sets: SlotSet[] = [];
  const wanted = plan?.most ?? search.count;
  while (sets.length < wanted && !(sets.length > 0 && search.isEnough(sets))) {
    const cap = plan && capFor(plan.room, want.missing.data, wanted - sets.length);
    const choice: Choice = { want, tree, judge, taken, partingLevel, cap };
    const set = chooseSet(choice);
    if (set === null) break;
    sets.push(set);
    for (const slot of set.data) take(search, taken, plan?.room, slot, 'data');
    for (const slot of set.arbiters) take(search, taken, undefined, slot, 'arbiter');
    const fixed = want.fixed.flatMap(({ server }) => server?.name ?? []);
    const key = addCopyset(tree.copysets, [
      ...fixed,
      ...[...set.data, ...set.arbiters].map(({ server }) => server),
    ]);
    if (key !== null) tree.undo.push(() => tree.copysets.delete(key));
  }
  return sets;
}

function take(
  { want, tree, partingLevel }: Search,
  taken: Set<string>,
  room: Map<TreeNode, number> | undefined,
  slot: SlotSet['data'][number],
  role: 'data' | 'arbiter',
): void {
  const key = filesystemKey(slot);
  const leaf = tree.leaves.get(key);
  taken.add(key);
  if (leaf === undefined) return;
  reserve(tree, leaf, expectedOn(want, role, leaf.sizeBytes));
  const place = placeOf(leaf.server, partingLevel);
  if (room !== undefined) room.set(place, (room.get(place) ?? 0) - 1);
}

/** Of places with fewer slots than `sets`, a set may use what is not needed to fill up the ones after it. */
function capFor(room: ReadonlyMap<TreeNode, number>, members: number, sets: number): Cap {
  let later = 0;
  for (const slots of room.values()) later += slots >= sets ? sets - 1 : slots;
  return { isScarce: (place) => (room.get(place) ?? 0) < sets, mostScarce: later - members * (sets - 1) };
}

/** How many sets of `members` there can be, up to `count`. */
function mostSets(room: readonly number[], members: number, count: number): number {
  const total = room.reduce((sum, slots) => sum + slots, 0);
  let sets = members === 0 ? 0 : Math.min(count, Math.floor(total / members));
  while (sets > 0 && room.reduce((sum, slots) => sum + Math.min(slots, sets), 0) < members * sets) sets -= 1;
  return sets;
}

/** How many slots for data each place of the parting level offers; none where a member that stays stands. */
function roomByPlace({ want, tree, judge, partingLevel }: Search): Map<TreeNode, number> {
  const fixed = new Set(
    want.fixed.flatMap(({ server }) => {
      const node = server === null ? undefined : tree.servers.get(server.name);
      return node === undefined ? [] : [placeOf(node, partingLevel)];
    }),
  );
  const room = new Map<TreeNode, number>();
  for (const [name, server] of tree.servers) {
    const place = placeOf(server, partingLevel);
    if (fixed.has(place)) continue;
    const slots = judge(name).filter(({ fits }) => fits === 'data').length;
    room.set(place, (room.get(place) ?? 0) + slots);
  }
  return room;
}
