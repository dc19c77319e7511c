// Which slots may take a brick of a volume, and for every other one the reason. These are the hard rules; which of the
// usable slots are taken is choose-sets.ts.
//
// Sizes: a data brick's filesystem must have at least half of the size of the volume's smallest data brick, because a
// replica or disperse set is as large as its smallest member and DHT fills a small subvolume early; it must not be below
// the policy's level from the start, or the growth would call for the next. An arbiter holds no file content: a
// hundredth of the size is room for as many inodes as a volume of ordinary files needs.
import { formatBytes } from '../../../shared/lib/bytes.ts';
import { bricksOf, type Cluster, type ClusterSlot, type ClusterVolume } from '../cluster.ts';
import { findDisconnected, poolOf } from '../membership/pool.ts';
import { inPercent } from '../wording.ts';

const smallestDataShare = 0.5;
const smallestArbiterShare = 0.01;

/** A report lists at most this many entries of a slot: with so many, a name may be taken that is not listed. */
const mostEntries = 1000;

export interface PlacementInput {
  readonly cluster: Cluster;
  readonly volume: ClusterVolume;
  /** Mount points by server that plans in flight will put bricks on. */
  readonly reserved: readonly { readonly server: string; readonly mountPoint: string }[];
  /** A slot with less free space than this is full from the start. */
  readonly minFreePercent: number;
}

export interface JudgedSlot {
  readonly slot: ClusterSlot;
  /** What the slot is good for; data slots are good for an arbiter too. */
  readonly fits: 'data' | 'arbiter' | 'nothing';
  /** Why it fits nothing, or not more than an arbiter. */
  readonly reason: string;
}

/** Every slot of the cluster with what it may take of `volume`, in the cluster's order (server, then path). */
export function judgeSlots(input: PlacementInput): JudgedSlot[] {
  const pool = poolOf(input.cluster, input.volume);
  const disconnected = findDisconnected(pool);
  const membership = new Map<string, string | null>(
    pool.map((member) => [member.server?.name ?? '', disconnected.get(member.uuid) ?? null]),
  );
  const takenBySlot = new Map<string, ClusterSlot>();
  return input.cluster.slots.map((slot) => {
    const judged = judgeSlot(slot, input, membership);
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

/** A filesystem's identity within the cluster: its device number means something on its own server only. */
export function filesystemKey(slot: Pick<ClusterSlot, 'server' | 'filesystem'>): string {
  return `${slot.server} ${slot.filesystem?.deviceNumber ?? ''}`;
}

function judgeSlot(
  slot: ClusterSlot,
  input: PlacementInput,
  membership: ReadonlyMap<string, string | null>,
): JudgedSlot {
  const reason =
    whyUnusable(slot) ??
    whyOutsidePool(slot, membership) ??
    whyTaken(slot, input) ??
    whyFull(slot, input.minFreePercent);
  return reason === null ? judgeSize(slot, input.volume) : refused(slot, reason);
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

/** `membership` has every server of the pool, with the reason where it is not a connected one. */
function whyOutsidePool(
  { server }: ClusterSlot,
  membership: ReadonlyMap<string, string | null>,
): string | null {
  const why = membership.get(server);
  return why === undefined ? `${server} is not in the pool` : why;
}

function whyTaken(slot: ClusterSlot, { volume, reserved }: PlacementInput): string | null {
  const name = volume.volume.name;
  for (const member of bricksOf(volume)) {
    if (member.server?.name !== slot.server) continue;
    if (member.filesystem === null) {
      return `it is not known on which filesystem of ${slot.server} the brick ${member.brick.path} lies`;
    }
    if (member.filesystem.deviceNumber === slot.filesystem?.deviceNumber) {
      return `its filesystem already holds the brick ${member.brick.path} of ${name}`;
    }
  }
  const isReserved = reserved.some(
    (place) => place.server === slot.server && place.mountPoint === slot.slot.mountPoint,
  );
  return isReserved ? 'a plan in flight will put a brick on its filesystem' : null;
}

function whyFull({ filesystem }: ClusterSlot, minFreePercent: number): string | null {
  if (filesystem === null) return null;
  const freePercent = (100 * filesystem.freeBytes) / filesystem.sizeBytes;
  if (freePercent >= minFreePercent) return null;
  return `it has only ${inPercent(freePercent)} free, below the level of ${minFreePercent} %`;
}

function judgeSize(slot: ClusterSlot, volume: ClusterVolume): JudgedSlot {
  const size = slot.filesystem?.sizeBytes ?? 0;
  const smallest = smallestDataBrick(volume);
  if (smallest === null || size >= smallest * smallestDataShare) return { slot, fits: 'data', reason: '' };
  const sizes = `its filesystem has ${formatBytes(size)}, but the smallest data brick of ${volume.volume.name} has ${formatBytes(smallest)}`;
  const hasArbiters = volume.volume.kind === 'arbiter';
  if (hasArbiters && size >= smallest * smallestArbiterShare) return { slot, fits: 'arbiter', reason: sizes };
  return refused(slot, `${sizes}, and a new one needs at least half of that`);
}

/** In bytes; null when no data brick's size is known. */
function smallestDataBrick(volume: ClusterVolume): number | null {
  const sizes = bricksOf(volume)
    .filter((member) => !member.brick.isArbiter)
    .map((member) => member.sizeBytes)
    .filter((size) => size !== null);
  return sizes.length === 0 ? null : Math.min(...sizes);
}

function refused(slot: ClusterSlot, reason: string): JudgedSlot {
  return { slot, fits: 'nothing', reason };
}
