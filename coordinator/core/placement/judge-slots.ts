// Which slots may take a brick of a volume, and for every other one the reason. These are the hard rules; which of the
// usable slots are taken is choose-set.ts.
//
// Sizes: where the volume has data bricks, a new one's filesystem must have at least half of the size of the smallest,
// because a replica or disperse set is as large as its smallest member and DHT fills a small subvolume early; it must not
// be below the policy's level from the start, or the growth would call for the next. An arbiter holds no file content: a
// hundredth of the size is room for as many inodes as a volume of ordinary files needs.
import { formatBytes } from '../../../shared/lib/bytes.ts';
import { brickSpec, type ClusterBrick, type ClusterSlot } from '../cluster.ts';
import { indexOf } from '../cluster-index.ts';
import { findDisconnected } from '../membership/pool.ts';
import { inPercent } from '../wording.ts';
import { type PlacementGround, type PlacementInput, type TagRule, type Want, wantGrowth } from './want.ts';
import { filesystemKey, placeOf, reserveAll, type TreeNode, withTree, type ZoneTree } from './zone-tree.ts';

const smallestDataShare = 0.5;
export const arbiterShare = 0.01;

/** A report lists at most this many entries of a slot: with so many, a name may be taken that is not listed. */
const mostEntries = 1000;

export interface JudgedSlot {
  readonly slot: ClusterSlot;
  /** What the slot is good for; data slots are good for an arbiter too. */
  readonly fits: 'data' | 'arbiter' | 'nothing';
  /** Why it fits nothing, or not more than an arbiter. */
  readonly reason: string;
}

/** The slots of one server, by path, each judged when it is first asked for. */
export type Judge = (server: string) => readonly JudgedSlot[];

/** Every slot of the cluster with what it may take of the growing volume, in the cluster's order (server, then path). */
export function judgeSlots(input: PlacementInput): JudgedSlot[] {
  return withTree(input.cluster, (tree) => {
    reserveAll(tree, input.reserved);
    const judge = createJudge(wantGrowth(input), input, tree);
    return [...indexOf(input.cluster).slots.keys()].flatMap(judge);
  });
}

interface Rules {
  readonly want: Want;
  readonly ground: PlacementGround;
  /** Every server of the pool, with the reason where it is not a connected one. */
  readonly membership: ReadonlyMap<string, string | null>;
  readonly bricks: ReadonlyMap<string, readonly ClusterBrick[]>;
  readonly tree: ZoneTree;
  /** Zones or servers of the parting level where members stand that stay. */
  readonly members: ReadonlyMap<TreeNode, ClusterBrick>;
  readonly partingLevel: number;
  /** Filesystems that plans under way will put a brick of the same volume on, or of one that is not told. */
  readonly rivals: ReadonlySet<string>;
}

/** The judge of what `want` may use on `ground`, whose reservations are in `tree`. */
export function createJudge(
  want: Want,
  ground: PlacementGround,
  tree: ZoneTree,
  partingLevel = tree.serverLevel,
): Judge {
  const disconnected = findDisconnected(want.pool);
  const rules: Rules = {
    want,
    ground,
    membership: new Map(
      want.pool.map((member) => [member.server?.name ?? '', disconnected.get(member.uuid) ?? null]),
    ),
    bricks: bricksByServer(want.bricks),
    tree,
    members: placesOfMembers(want, tree, partingLevel),
    partingLevel,
    rivals: rivalPlaces(want, ground),
  };
  const { slots } = indexOf(ground.cluster);
  const judged = new Map<string, readonly JudgedSlot[]>();
  return (server) => {
    const known = judged.get(server);
    if (known !== undefined) return known;
    const answer = judgeServer(slots.get(server) ?? [], rules);
    judged.set(server, answer);
    return answer;
  };
}

/** Whether the tags of a slot let it be used. */
export function isAllowed(tags: readonly string[], { allowTags = [], excludeTags = [] }: TagRule): boolean {
  return (
    !tags.some((tag) => excludeTags.includes(tag)) &&
    (allowTags.length === 0 || tags.some((tag) => allowTags.includes(tag)))
  );
}

function judgeServer(slots: readonly ClusterSlot[], rules: Rules): JudgedSlot[] {
  const takenBySlot = new Map<string, ClusterSlot>();
  return slots.map((slot) => {
    const judged = judgeSlot(slot, rules);
    if (judged.fits === 'nothing') return judged;
    const key = filesystemKey(slot);
    const other = takenBySlot.get(key);
    if (other !== undefined) {
      return refused(
        slot,
        `it lies on the same filesystem as the slot ${other.slot.path}, which is used first`,
      );
    }
    takenBySlot.set(key, slot);
    return judged;
  });
}

function judgeSlot(slot: ClusterSlot, rules: Rules): JudgedSlot {
  const reason =
    whyUnusable(slot) ??
    whyOutsidePool(slot, rules) ??
    whyTagged(slot, rules.ground) ??
    whyTaken(slot, rules) ??
    whyFull(slot, rules, 0);
  return reason === null ? judgeSize(slot, rules) : refused(slot, reason);
}

function whyUnusable({ slot, server, filesystem, isFresh }: ClusterSlot): string | null {
  if (!isFresh) return `${server} is silent`;
  if (slot.problem !== null) return slot.problem.sentence;
  if (filesystem === null) return `the filesystem at ${slot.mountPoint} is not known`;
  if (filesystem.isRoot) return 'it lies on the root filesystem';
  if (filesystem.isReadOnly) return 'its filesystem is read-only';
  if (filesystem.sizeBytes === 0) return 'the size of its filesystem is not known';
  if (slot.entries === null) return 'what already lies in it could not be read';
  if (slot.entries.length >= mostEntries) {
    return `it holds ${mostEntries} entries or more, so that no free name can be told`;
  }
  return null;
}

function whyOutsidePool({ server }: ClusterSlot, { membership }: Rules): string | null {
  const why = membership.get(server);
  return why === undefined ? `${server} is not in the pool` : why;
}

function whyTagged({ slot: { tags } }: ClusterSlot, rule: TagRule): string | null {
  if (isAllowed(tags, rule)) return null;
  const excluded = tags.find((tag) => rule.excludeTags?.includes(tag));
  if (excluded !== undefined) return `it is tagged "${excluded}", which is excluded`;
  return `it has none of the tags that are allowed: ${rule.allowTags?.join(', ')}`;
}

function whyTaken(slot: ClusterSlot, rules: Rules): string | null {
  const { want, bricks, rivals } = rules;
  const member = whereMember(slot, rules);
  if (member !== null) return member;
  for (const member of bricks.get(slot.server) ?? []) {
    if (member.filesystem === null) {
      return `it is not known on which filesystem of ${slot.server} the brick ${member.brick.path} lies`;
    }
    if (member.filesystem.deviceNumber === slot.filesystem?.deviceNumber) {
      return `its filesystem already holds the brick ${member.brick.path} of ${want.volume}`;
    }
  }
  return rivals.has(filesystemKey(slot)) ? 'a plan in flight will put a brick on its filesystem' : null;
}

/** Law 3 for a set of which some members stay. */
function whereMember({ server }: ClusterSlot, { tree, members, partingLevel }: Rules): string | null {
  const node = tree.servers.get(server);
  const place = node && placeOf(node, partingLevel);
  const member = place && members.get(place);
  if (place === undefined || member === undefined) return null;
  const name = place.server === null ? `the zone ${place.name}` : server;
  return `${name} already holds ${brickSpec(member.brick)} of the same subvolume`;
}

function whyFull(slot: ClusterSlot, { ground, tree }: Rules, holdsBytes: number): string | null {
  const { filesystem } = slot;
  if (filesystem === null) return null;
  const { freeBytes, sizeBytes } = filesystem;
  const takenBytes = tree.leaves.get(filesystemKey(slot))?.reservedBytes ?? 0;
  const freePercent = (100 * (freeBytes - takenBytes - holdsBytes)) / sizeBytes;
  if (freePercent >= ground.minFreePercent) return null;
  const level = `below the level of ${ground.minFreePercent} %`;
  if (holdsBytes > 0) {
    return `with ${formatBytes(holdsBytes)} more it would have ${inPercent(Math.max(0, freePercent))} free, ${level}`;
  }
  const once = takenBytes > 0 ? 'once plans in flight have filled their bricks it has' : 'it has';
  return `${once} only ${inPercent(Math.max(0, freePercent))} free, ${level}`;
}

function judgeSize(slot: ClusterSlot, rules: Rules): JudgedSlot {
  const { volume, shape, likeBytes, mustHoldBytes } = rules.want;
  const size = slot.filesystem?.sizeBytes ?? 0;
  const tooFull = mustHoldBytes > 0 ? whyFull(slot, rules, mustHoldBytes) : null;
  const isLarge = likeBytes === null || size >= likeBytes * smallestDataShare;
  if (isLarge && tooFull === null) return { slot, fits: 'data', reason: '' };
  const sizes = `its filesystem has ${formatBytes(size)}, but the smallest data brick of ${volume} has ${formatBytes(likeBytes ?? 0)}`;
  const reason = isLarge ? (tooFull ?? '') : sizes;
  const least = (likeBytes ?? mustHoldBytes) * arbiterShare;
  const holdsArbiter =
    size >= least && whyFull(slot, rules, Math.round(mustHoldBytes * arbiterShare)) === null;
  if (shape.arbiters > 0 && holdsArbiter) return { slot, fits: 'arbiter', reason };
  return refused(slot, isLarge ? reason : `${sizes}, and a new one needs at least half of that`);
}

function placesOfMembers(want: Want, tree: ZoneTree, level: number): Map<TreeNode, ClusterBrick> {
  const places = new Map<TreeNode, ClusterBrick>();
  for (const member of want.fixed) {
    const node = member.server === null ? undefined : tree.servers.get(member.server.name);
    if (node !== undefined) places.set(placeOf(node, level), member);
  }
  return places;
}

function bricksByServer(bricks: readonly ClusterBrick[]): Map<string, ClusterBrick[]> {
  const byServer = new Map<string, ClusterBrick[]>();
  for (const brick of bricks) {
    if (brick.server === null) continue;
    const group = byServer.get(brick.server.name);
    if (group === undefined) byServer.set(brick.server.name, [brick]);
    else group.push(brick);
  }
  return byServer;
}

function rivalPlaces(want: Want, { cluster, reserved }: PlacementGround): Set<string> {
  const places = new Set<string>();
  for (const { server, mountPoint, volume, isProposal } of reserved) {
    if (isProposal === true || (volume !== undefined && volume !== want.volume)) continue;
    const slots = indexOf(cluster).slots.get(server) ?? [];
    for (const slot of slots) if (slot.slot.mountPoint === mountPoint) places.add(filesystemKey(slot));
  }
  return places;
}

function refused(slot: ClusterSlot, reason: string): JudgedSlot {
  return { slot, fits: 'nothing', reason };
}
