// What a placement says of itself: of every slot why it was taken or not, and what was missing for more subvolumes.
import { formatBytes } from '../../../shared/lib/bytes.ts';
import type { Candidate } from '../../../shared/model/plan.ts';
import type { ClusterSlot } from '../cluster.ts';
import { indexOf } from '../cluster-index.ts';
import { counted, listed } from '../wording.ts';
import type { SlotSet } from './choose-set.ts';
import type { Judge, JudgedSlot } from './judge-slots.ts';
import { expectedOn } from './set-fill.ts';
import type { Want } from './want.ts';
import { filesystemKey, fillWith, placeOf, type TreeNode, type ZoneTree } from './zone-tree.ts';

interface Result {
  readonly tree: ZoneTree;
  readonly judge: Judge;
  readonly want: Want;
  readonly chosen: readonly SlotSet[];
}

/** Every slot of the cluster, in its order. `count` sets were wanted; `isShort` when there is no room for so many. */
export function listCandidates(result: Result & { count: number; isShort: boolean }): Candidate[] {
  const { tree, judge, want, chosen, count, isShort } = result;
  const roles = rolesOf(chosen, want);
  const spare = whyNotTaken(count, chosen.length, isShort, want);
  return [...indexOf(tree.cluster).slots.keys()].flatMap(judge).map((judged) => {
    const { slot } = judged;
    const role = roles.get(slot);
    return {
      server: slot.server,
      slot: slot.slot.path,
      ...verdictOn(judged, role, spare),
      expectedFillPercent: fillOf(judged, role !== undefined, tree, want),
      freeBytes: slot.filesystem?.freeBytes ?? null,
      sizeBytes: slot.filesystem?.sizeBytes ?? null,
    };
  });
}

/** How full the filesystem is expected to become with the brick on it; null where none may be. */
function fillOf({ slot, fits }: JudgedSlot, isChosen: boolean, tree: ZoneTree, want: Want): number | null {
  const leaf = tree.leaves.get(filesystemKey(slot));
  if (fits === 'nothing' || leaf === undefined) return null;
  const bytes = isChosen ? 0 : expectedOn(want, fits, leaf.sizeBytes);
  return Math.round(1000 * fillWith(leaf, bytes)) / 10;
}

interface Role {
  readonly subvolume: number;
  readonly isArbiter: boolean;
}

function rolesOf(chosen: readonly SlotSet[], { firstNumber }: Want): Map<ClusterSlot, Role> {
  const roles = new Map<ClusterSlot, Role>();
  for (const [index, { data, arbiters }] of chosen.entries()) {
    for (const slot of data) roles.set(slot, { subvolume: firstNumber + index, isArbiter: false });
    for (const slot of arbiters) roles.set(slot, { subvolume: firstNumber + index, isArbiter: true });
  }
  return roles;
}

function verdictOn(
  { slot, fits, reason }: JudgedSlot,
  role: Role | undefined,
  spare: string,
): Pick<Candidate, 'verdict' | 'reason'> {
  if (fits === 'nothing') return { verdict: 'refused', reason };
  const free = `${formatBytes(slot.filesystem?.freeBytes ?? 0)} free`;
  if (role?.isArbiter === true) {
    return {
      verdict: 'chosen',
      reason: `takes the arbiter brick of subvolume ${role.subvolume}, which needs little space`,
    };
  }
  if (role !== undefined) {
    return { verdict: 'chosen', reason: `takes a brick of subvolume ${role.subvolume}: ${free}` };
  }
  if (fits === 'arbiter') return { verdict: 'possible', reason: `only for an arbiter brick: ${reason}` };
  return { verdict: 'possible', reason: `${free}, ${spare}` };
}

/** Why a usable slot was left over, the same for all of them. */
function whyNotTaken(count: number, chosen: number, isShort: boolean, { shape, fixed }: Want): string {
  if (count === 0) return 'but a limit of the policy allows no growth';
  if (!isShort) return fixed.length > 0 ? 'but another is better' : 'but not needed for this growth';
  return `but a ${chosen === 0 ? '' : 'further '}subvolume needs ${counted(shape.members, 'server')} with a usable slot`;
}

/** Why there are not more sets, in one sentence: what one needs, and who has it. */
export function whatIsMissing({
  tree,
  judge,
  want,
  chosen,
  partingLevel,
}: Result & { partingLevel: number }): string {
  const taken = new Set(chosen.flatMap((set) => [...set.data, ...set.arbiters]));
  const servers = [...tree.servers.values()].filter((server) =>
    judge(server.name).some(({ slot, fits }) => fits !== 'nothing' && !taken.has(slot)),
  );
  const isByZone = [...tree.servers.values()].some((server) => server.level > partingLevel);
  const places = [...new Set(servers.map((server) => placeOf(server, partingLevel)))].map(nameOf).sort();
  const what = isByZone ? 'zone' : 'server';
  const has =
    places.length === 0
      ? 'none has one'
      : `only ${listed(places)} ${places.length === 1 ? 'has' : 'have'} one`;
  const left = chosen.length === 0 ? '' : ' left';
  return `${subjectOf(want, chosen.length)} needs ${needsOf(want, what)}, and ${has}${left}`;
}

function subjectOf({ volume, fixed, firstNumber }: Want, chosen: number): string {
  if (fixed.length > 0) return `another place for a brick of subvolume ${firstNumber} of ${volume}`;
  return `a ${chosen === 0 ? 'new' : 'further'} subvolume of ${volume}`;
}

function needsOf({ shape, fixed }: Want, what: 'zone' | 'server'): string {
  if (fixed.length > 0) return `a ${what} without another member and with a usable slot`;
  if (shape.arbiters > 0) {
    return `${counted(shape.data, what)} with a usable slot for data and ${shape.arbiters} more for the arbiter`;
  }
  return counted(shape.members, `${what} with a usable slot`, `different ${what}s with a usable slot each`);
}

function nameOf(node: TreeNode): string {
  return node.name === '' ? 'what stands in no zone' : node.name;
}
