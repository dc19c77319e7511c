// Which slots make up the new subvolumes. Greedy: each subvolume takes the best slots that the ones before it left, one
// per server. The best is the most free bytes; neighbours in that order are alike in size, so that little of a set is
// lost to its smallest member. Ties go to the server's name, then the slot's path.
//
// Taking the roomiest slots first can use up servers that a later subvolume needs (two slots on one server, one on two
// others). Where that order yields too few subvolumes, the servers with the most slots left go first, which yields as
// many as there can be.

import type { ClusterSlot } from '../cluster.ts';
import { compareText } from '../compare-text.ts';
import type { Shape } from './brick-set.ts';
import type { JudgedSlot } from './judge-slots.ts';

/** The slots of one new subvolume: data members sorted by server, arbiters after them. */
export interface SlotSet {
  readonly data: readonly ClusterSlot[];
  readonly arbiters: readonly ClusterSlot[];
}

/** At most `count` sets; fewer when the slots run out, or when `isEnough` says so of the sets chosen so far. */
export function chooseSets(
  slots: readonly JudgedSlot[],
  shape: Shape,
  count: number,
  isEnough: (sets: readonly SlotSet[]) => boolean,
): SlotSet[] {
  const byRoom = chooseInOrder(slots, shape, count, isEnough, () => 0);
  if (byRoom.length === count || isEnough(byRoom)) return byRoom;
  const bySlotsLeft = chooseInOrder(slots, shape, count, isEnough, (a, b) => b.data.length - a.data.length);
  return bySlotsLeft.length > byRoom.length ? bySlotsLeft : byRoom;
}

/** What one server has left: slots good for data with the most free first, and small ones with the smallest first. */
interface Offer {
  readonly server: string;
  readonly data: ClusterSlot[];
  readonly small: ClusterSlot[];
}
type Preference = (a: Offer, b: Offer) => number;

function chooseInOrder(
  slots: readonly JudgedSlot[],
  shape: Shape,
  count: number,
  isEnough: (sets: readonly SlotSet[]) => boolean,
  preference: Preference,
): SlotSet[] {
  const offers = offersOf(slots);
  const sets: SlotSet[] = [];
  while (sets.length < count && !(sets.length > 0 && isEnough(sets))) {
    const set =
      shape.arbiters === 0
        ? chooseData(offers, shape.data, preference)
        : chooseWithArbiters(offers, shape, preference);
    if (set === null) break;
    sets.push(set);
    take(offers, set);
  }
  return sets;
}

function offersOf(slots: readonly JudgedSlot[]): Offer[] {
  const offers = new Map<string, Offer>();
  for (const { slot, fits } of slots) {
    if (fits === 'nothing') continue;
    const offer = offers.get(slot.server) ?? { server: slot.server, data: [], small: [] };
    (fits === 'data' ? offer.data : offer.small).push(slot);
    offers.set(slot.server, offer);
  }
  for (const offer of offers.values()) {
    offer.data.sort((a, b) => freeOf(b) - freeOf(a) || compareText(a.slot.path, b.slot.path));
    offer.small.sort((a, b) => sizeOf(a) - sizeOf(b) || compareText(a.slot.path, b.slot.path));
  }
  return [...offers.values()];
}

function chooseData(offers: readonly Offer[], members: number, preference: Preference): SlotSet | null {
  const best = offers
    .filter((offer) => offer.data.length > 0)
    .sort(
      (a, b) => preference(a, b) || freeOf(b.data[0]) - freeOf(a.data[0]) || compareText(a.server, b.server),
    )
    .slice(0, members)
    .flatMap((offer) => offer.data.slice(0, 1));
  if (best.length < members) return null;
  return { data: best.sort((a, b) => compareText(a.server, b.server)), arbiters: [] };
}

/**
 * A set with arbiters: first on small slots, as long as the other servers still give the data members, so that no slot
 * that could hold data goes to an arbiter needlessly; then on the smallest slots of the servers that are left.
 */
function chooseWithArbiters(offers: readonly Offer[], shape: Shape, preference: Preference): SlotSet | null {
  const small = offers
    .filter((offer) => offer.small.length > 0)
    .sort((a, b) => sizeOf(a.small[0]) - sizeOf(b.small[0]) || compareText(a.server, b.server));
  for (let first = 0; first + shape.arbiters <= small.length; first += 1) {
    const chosen = small.slice(first, first + shape.arbiters);
    const others = offers.filter((offer) => !chosen.includes(offer));
    const set = chooseData(others, shape.data, preference);
    if (set !== null) return { ...set, arbiters: chosen.flatMap((offer) => offer.small.slice(0, 1)) };
  }
  const set = chooseData(offers, shape.data, preference);
  if (set === null) return null;
  const servers = new Set<string>(set.data.map((slot) => slot.server));
  const arbiters = offers
    .filter((offer) => !servers.has(offer.server))
    .flatMap((offer) => smallestOf(offer) ?? [])
    .sort((a, b) => sizeOf(a) - sizeOf(b) || compareText(a.server, b.server))
    .slice(0, shape.arbiters);
  return arbiters.length < shape.arbiters ? null : { ...set, arbiters };
}

function smallestOf(offer: Offer): ClusterSlot | undefined {
  return [...offer.small, ...offer.data].sort(
    (a, b) => sizeOf(a) - sizeOf(b) || compareText(a.slot.path, b.slot.path),
  )[0];
}

function take(offers: readonly Offer[], set: SlotSet): void {
  for (const slot of [...set.data, ...set.arbiters]) {
    const offer = offers.find((candidate) => candidate.server === slot.server);
    for (const list of [offer?.data, offer?.small]) {
      const index = list?.indexOf(slot) ?? -1;
      if (index >= 0) list?.splice(index, 1);
    }
  }
}

function freeOf(slot: ClusterSlot | undefined): number {
  return slot?.filesystem?.freeBytes ?? 0;
}

function sizeOf(slot: ClusterSlot | undefined): number {
  return slot?.filesystem?.sizeBytes ?? 0;
}
