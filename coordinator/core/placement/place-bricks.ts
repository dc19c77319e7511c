// Places bricks: of a volume that grows, of a new one, or another place for one brick, all by the same search. The hard
// rules are in judge-slots.ts, the order of preference in choose-set.ts, the bytes that are expected in want.ts.
import type { Candidate } from '../../../shared/model/plan.ts';
import type { ClusterBrick } from '../cluster.ts';
import { indexOf } from '../cluster-index.ts';
import { type BrickSet, setOf, spaceOf } from './brick-set.ts';
import type { SlotSet } from './choose-set.ts';
import { chooseSets } from './choose-sets.ts';
import { copysetsOf, scatterWidthOf } from './copysets.ts';
import { listCandidates, whatIsMissing } from './explain.ts';
import { createJudge, isAllowed, type Judge } from './judge-slots.ts';
import { partingLevel } from './parting-level.ts';
import {
  type NewVolume,
  type PlacementGround,
  type PlacementInput,
  type Want,
  wantGrowth,
  wantReplacement,
  wantVolume,
} from './want.ts';
import { growTree, reserveAll, takeBack, withTree, type ZoneTree } from './zone-tree.ts';

interface Change {
  readonly before: number;
  readonly after: number;
}

export interface Placement {
  /** The bricks of each subvolume, in Gluster's order; of a replacement the one brick. */
  readonly sets: readonly BrickSet[];
  /** Every slot of the cluster, with its verdict and its reason. */
  readonly candidates: Candidate[];
  /** Why there are fewer sets than were wanted; null when there are enough. */
  readonly missing: string | null;
  /** How many different sets of servers hold subvolumes, over all volumes. */
  readonly copysets: Change;
  /** With how many servers the server that shares subvolumes with the most does. */
  readonly scatterWidth: Change;
}

type Spaces = readonly { readonly sizeBytes: number; readonly freeBytes: number }[];

/** More than one plan can hold bricks of, and a bound for each search. */
const mostSubvolumes = 1000;

/**
 * Places at most `count` subvolumes of the volume; fewer where `isEnough` is content with the space of those so far, or
 * where the slots run out, which `missing` then says.
 */
export function placeSubvolumes(
  input: PlacementInput & { readonly count: number; readonly isEnough?: (sets: Spaces) => boolean },
): Placement {
  return withTree(input.cluster, (tree) => {
    reserveAll(tree, input.reserved);
    return explained(placeOn(tree, input, wantGrowth(input), input.count, input.isEnough));
  });
}

/** Places a volume that does not exist yet, in as few subvolumes as give it its size if it does not say how many. */
export function placeVolume(ground: PlacementGround, volume: NewVolume): Placement {
  return withTree(ground.cluster, (tree) => {
    reserveAll(tree, ground.reserved);
    return explained(placeNew(tree, ground, volume));
  });
}

/** Another place for `brick` of subvolume `index` (from 0); the other members stay where they are. */
export function placeReplacement(input: PlacementInput, index: number, brick: ClusterBrick): Placement {
  return withTree(input.cluster, (tree) => {
    reserveAll(tree, input.reserved);
    return explained(placeOn(tree, input, wantReplacement(input, index, brick), 1));
  });
}

/** Places new volumes in turn, each as if the ones before it were there. Without candidates, which many would be. */
export function placeVolumes(
  ground: PlacementGround,
  volumes: readonly NewVolume[],
): Pick<Placement, 'sets' | 'missing'>[] {
  const tree = growTree(ground.cluster);
  reserveAll(tree, ground.reserved);
  return volumes.map((volume) => {
    const { sets, missing } = placeNew(tree, ground, volume);
    return { sets, missing };
  });
}

interface Found {
  readonly tree: ZoneTree;
  readonly judge: Judge;
  readonly want: Want;
  readonly chosen: readonly SlotSet[];
  readonly sets: readonly BrickSet[];
  readonly missing: string | null;
  readonly count: number;
}

function placeNew(tree: ZoneTree, ground: PlacementGround, volume: NewVolume): Found {
  if (volume.subvolumes !== undefined) {
    return placeOn(tree, ground, wantVolume(volume, volume.subvolumes), volume.subvolumes);
  }
  const kept = tree.undo.length;
  const largest = [...tree.leaves.values()].reduce((most, leaf) => Math.max(most, leaf.sizeBytes), 1);
  let subvolumes = Math.max(1, Math.ceil(volume.sizeBytes / volume.shape.dataBricks / largest));
  // The first number of subvolumes for which there is room; with more slots than that there is none for more.
  const most = Math.min(mostSubvolumes, Math.floor(tree.leaves.size / volume.shape.members));
  for (; ; subvolumes += 1) {
    const found = placeOn(tree, ground, wantVolume(volume, subvolumes), subvolumes);
    if (found.missing === null || subvolumes >= most) return found;
    takeBack(tree, kept);
  }
}

function placeOn(
  tree: ZoneTree,
  ground: PlacementGround,
  want: Want,
  count: number,
  isEnough: (sets: Spaces) => boolean = () => false,
): Found {
  const level = partingLevel(tree, offeringServers(ground, want), want.shape.members);
  const judge = createJudge(want, ground, tree, level);
  const wantsNoMore = (sets: readonly SlotSet[]): boolean =>
    isEnough(sets.map((set) => spaceOf(set, want.shape)));
  const chosen = chooseSets({ want, tree, judge, partingLevel: level, count, isEnough: wantsNoMore });
  const isShort = chosen.length < count && !(chosen.length > 0 && wantsNoMore(chosen));
  return {
    ...{ tree, judge, want, chosen, count },
    sets: chosen.map((set, index) => setOf(set, want, index)),
    missing: isShort ? whatIsMissing({ tree, judge, want, chosen, partingLevel: level }) : null,
  };
}

/** The servers of the pool that offer slots with the right tags, whatever state these are in. */
function offeringServers(ground: PlacementGround, { pool }: Want): string[] {
  const { slots } = indexOf(ground.cluster);
  const names = pool.flatMap(({ server }) => server?.name ?? []);
  return names.filter((name) => slots.get(name)?.some(({ slot }) => isAllowed(slot.tags, ground)));
}

function explained({ tree, judge, want, chosen, sets, missing, count }: Found): Placement {
  const before = copysetsOf(tree.cluster);
  return {
    sets,
    missing,
    candidates: listCandidates({ tree, judge, want, chosen, count, isShort: missing !== null }),
    copysets: { before: before.size, after: tree.copysets.size },
    scatterWidth: { before: scatterWidthOf(before), after: scatterWidthOf(tree.copysets) },
  };
}
