// Places whole subvolumes of a volume's own shape onto slots, and says of every slot why it was taken or not. The rules
// are in judge-slots.ts, the order of preference in choose-sets.ts.
import { formatBytes } from '../../../shared/lib/bytes.ts';
import type { AbsolutePath } from '../../../shared/model/names.ts';
import type { Candidate } from '../../../shared/model/plan.ts';
import type { ClusterSlot, ClusterVolume } from '../cluster.ts';
import { counted, listed } from '../wording.ts';
import { type BrickSet, type ChosenBrick, type Shape, shapeOf } from './brick-set.ts';
import { chooseSets, type SlotSet } from './choose-sets.ts';
import { type JudgedSlot, judgeSlots, type PlacementInput } from './judge-slots.ts';

export interface Placement {
  /** The bricks of each new subvolume, in Gluster's order. */
  readonly sets: readonly BrickSet[];
  /** Every slot of the cluster, with its verdict and its reason. */
  readonly candidates: Candidate[];
  /** Why there are fewer sets than were wanted; null when there are enough. */
  readonly missing: string | null;
}

/**
 * Places at most `count` subvolumes of the volume; fewer where `isEnough` is content with the space of those so far, or
 * where the slots run out, which `missing` then says.
 */
export function placeSubvolumes(
  input: PlacementInput & {
    readonly count: number;
    readonly isEnough?: (sets: readonly { sizeBytes: number; freeBytes: number }[]) => boolean;
  },
): Placement {
  const { volume, count, isEnough = () => false } = input;
  const shape = shapeOf(volume.volume);
  const judged = judgeSlots(input);
  const wantsNoMore = (sets: readonly SlotSet[]): boolean => isEnough(sets.map((set) => spaceOf(set, shape)));
  const chosen = chooseSets(judged, shape, count, wantsNoMore);
  const isShort = chosen.length < count && !(chosen.length > 0 && wantsNoMore(chosen));
  const spare = whyNotTaken(count, chosen.length, isShort, shape);
  return {
    sets: chosen.map((set, index) => bricksOfSet(set, shape, volume, index)),
    candidates: judged.map((slot) => candidateOf(slot, chosen, volume, spare)),
    missing: isShort ? whatIsMissing(judged, chosen, volume, shape) : null,
  };
}

function spaceOf({ data }: SlotSet, { dataBricks }: Shape): { sizeBytes: number; freeBytes: number } {
  return {
    sizeBytes: Math.min(...data.map((slot) => slot.filesystem?.sizeBytes ?? 0)) * dataBricks,
    freeBytes: Math.min(...data.map((slot) => slot.filesystem?.freeBytes ?? 0)) * dataBricks,
  };
}

function bricksOfSet(set: SlotSet, shape: Shape, volume: ClusterVolume, index: number): BrickSet {
  const number = volume.subvolumes.length + index + 1;
  const brickOn = (slot: ClusterSlot, isArbiter: boolean): ChosenBrick => ({
    server: slot.server,
    slot,
    path: freeDirectory(slot, volume, number),
    isArbiter,
  });
  return {
    bricks: [
      ...set.data.map((slot) => brickOn(slot, false)),
      ...set.arbiters.map((slot) => brickOn(slot, true)),
    ],
    ...spaceOf(set, shape),
  };
}

/**
 * `<slot>/<volume>-<n>`, where n is the subvolume's number or the next one that nothing has taken: a directory of a
 * brick that was removed must not be used again, Gluster refuses it as "already part of a volume".
 */
function freeDirectory(slot: ClusterSlot, { volume }: ClusterVolume, number: number): AbsolutePath {
  const entries = new Set(slot.slot.entries);
  const bricks = new Set(slot.bricks.map((brick) => brick.path));
  const root = slot.slot.path === '/' ? '' : slot.slot.path;
  let n = number;
  // Ends: each turn passes one of finitely many taken names.
  while (entries.has(`${volume.name}-${n}`) || bricks.has(`${root}/${volume.name}-${n}`)) n += 1;
  return `${root}/${volume.name}-${n}` as AbsolutePath;
}

/** Why a usable slot was left over, the same for all of them. */
function whyNotTaken(count: number, chosen: number, isShort: boolean, shape: Shape): string {
  if (count === 0) return 'but a limit of the policy allows no growth';
  if (!isShort) return 'but not needed for this growth';
  return `but a ${chosen === 0 ? '' : 'further '}subvolume needs ${counted(shape.members, 'server')} with a usable slot`;
}

function candidateOf(
  judged: JudgedSlot,
  chosen: readonly SlotSet[],
  volume: ClusterVolume,
  spare: string,
): Candidate {
  const { slot } = judged;
  return {
    server: slot.server,
    slot: slot.slot.path,
    ...verdictOn(judged, chosen, volume, spare),
    freeBytes: slot.filesystem?.freeBytes ?? null,
    sizeBytes: slot.filesystem?.sizeBytes ?? null,
  };
}

function verdictOn(
  { slot, fits, reason }: JudgedSlot,
  chosen: readonly SlotSet[],
  volume: ClusterVolume,
  spare: string,
): Pick<Candidate, 'verdict' | 'reason'> {
  if (fits === 'nothing') return { verdict: 'refused', reason };
  const index = chosen.findIndex((set) => set.data.includes(slot) || set.arbiters.includes(slot));
  const number = volume.subvolumes.length + index + 1;
  const free = `${formatBytes(slot.filesystem?.freeBytes ?? 0)} free`;
  if (chosen[index]?.arbiters.includes(slot) === true) {
    return {
      verdict: 'chosen',
      reason: `takes the arbiter brick of subvolume ${number}, which needs little space`,
    };
  }
  if (index >= 0) return { verdict: 'chosen', reason: `takes a brick of subvolume ${number}: ${free}` };
  if (fits === 'arbiter') return { verdict: 'possible', reason: `only for an arbiter brick: ${reason}` };
  return { verdict: 'possible', reason: `${free}, ${spare}` };
}

function whatIsMissing(
  judged: readonly JudgedSlot[],
  chosen: readonly SlotSet[],
  { volume }: ClusterVolume,
  shape: Shape,
): string {
  const taken = new Set(chosen.flatMap((set) => [...set.data, ...set.arbiters]));
  const left = judged.filter(({ slot, fits }) => fits !== 'nothing' && !taken.has(slot));
  const servers = [...new Set(left.map(({ slot }) => slot.server))];
  const needs =
    shape.arbiters > 0
      ? `${counted(shape.data, 'server')} with a usable slot for data and ${shape.arbiters} more for the arbiter`
      : counted(shape.members, 'server with a usable slot', 'different servers with a usable slot each');
  const has =
    servers.length === 0
      ? 'none has one'
      : `only ${listed(servers)} ${servers.length === 1 ? 'has' : 'have'} one`;
  return `a ${chosen.length === 0 ? 'new' : 'further'} subvolume of ${volume.name} needs ${needs}, and ${has}${chosen.length === 0 ? '' : ' left'}`;
}
