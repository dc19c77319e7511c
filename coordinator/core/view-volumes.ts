// The volumes of a cluster, from what every server's glusterd says of them. Bricks are joined to servers by peer UUID
// and never by host name: a name may resolve to another machine on one server, a UUID cannot.

import { compareText, sortedByText } from '../../shared/lib/compare-text.ts';
import type { Brick } from '../../shared/model/brick.ts';
import type { Filesystem } from '../../shared/model/filesystem.ts';
import type { Gluster } from '../../shared/model/gluster.ts';
import type { PeerUuid, ServerName, VolumeId } from '../../shared/model/names.ts';
import type { Space } from '../../shared/model/plan.ts';
import {
  dataBricksPerSubvolume,
  subvolumesOf,
  type Volume,
  type VolumeBrick,
} from '../../shared/model/volume.ts';
import {
  bricksOf,
  type ClusterBrick,
  type ClusterServer,
  type ClusterVolume,
  type Subvolume,
} from './cluster.ts';

/** One server's word on one volume. */
export interface VolumeWord {
  readonly server: ClusterServer;
  readonly volume: Volume;
}

/** All volumes that the servers' glusterds know, sorted by name, then id. */
export function viewVolumes(servers: readonly ClusterServer[]): ClusterVolume[] {
  const owners = serversByPeer(servers);
  const words = wordsByVolume(servers);
  const known = [...words.values()].filter((group) => !isGone(group, servers));
  const lookUp: LookUp = { owners, contents: new Map() };
  const names = new Map<string, number>();
  for (const [first] of known) {
    if (first !== undefined) names.set(first.volume.name, (names.get(first.volume.name) ?? 0) + 1);
  }
  return known
    .map((group) => viewVolume(group, servers, lookUp, names))
    .sort((a, b) => compareText(a.volume.name, b.volume.name) || compareText(a.volume.id, b.volume.id));
}

const volumesByGluster = new WeakMap<Gluster, ReadonlyMap<VolumeId, Volume>>();

/** The volumes that a glusterd knows, by id; of two with one id the first. Remembered for as long as the report is. */
function volumesOf(gluster: Gluster): ReadonlyMap<VolumeId, Volume> {
  const known = volumesByGluster.get(gluster);
  if (known !== undefined) return known;
  const volumes = new Map([...gluster.volumes].reverse().map((volume) => [volume.id, volume]));
  volumesByGluster.set(gluster, volumes);
  return volumes;
}

/** What the fresh servers' glusterds say of a volume; a server that is in the pool and says nothing is not among them. */
export function freshWords(servers: readonly ClusterServer[], volume: Volume): VolumeWord[] {
  return servers.flatMap((server) => {
    if (!server.isFresh) return [];
    const word = server.gluster === null ? undefined : volumesOf(server.gluster).get(volume.id);
    return word === undefined ? [] : [{ server, volume: word }];
  });
}

/** Where bricks are looked up: servers by peer, and what lies on each by its key. Filled as it is asked for. */
interface LookUp {
  readonly owners: ReadonlyMap<PeerUuid, ClusterServer | null>;
  readonly contents: Map<ClusterServer, Content>;
}

interface Content {
  /** By volume id and path. */
  readonly bricks: ReadonlyMap<string, Brick>;
  readonly filesystems: ReadonlyMap<string, Filesystem>;
}

function contentOf(server: ClusterServer, { contents }: LookUp): Content {
  const known = contents.get(server);
  if (known !== undefined) return known;
  const bricks = new Map<string, Brick>();
  for (const brick of server.bricks) {
    const key = `${brick.volumeId} ${brick.path}`;
    if (!bricks.has(key)) bricks.set(key, brick);
  }
  const content = { bricks, filesystems: filesystemsByMountPoint(server) };
  contents.set(server, content);
  return content;
}

/** A server's filesystems by mount point; of two at one place the first, as everywhere. */
export function filesystemsByMountPoint({ filesystems }: ClusterServer): ReadonlyMap<string, Filesystem> {
  const found = new Map<string, Filesystem>();
  for (const filesystem of filesystems) {
    if (!found.has(filesystem.mountPoint)) found.set(filesystem.mountPoint, filesystem);
  }
  return found;
}

/** A server by its peer UUID; null where two servers claim the same one, because then nobody knows whose brick it is. */
function serversByPeer(servers: readonly ClusterServer[]): ReadonlyMap<PeerUuid, ClusterServer | null> {
  const owners = new Map<PeerUuid, ClusterServer | null>();
  for (const server of servers) {
    if (server.gluster === null) continue;
    owners.set(server.gluster.uuid, owners.has(server.gluster.uuid) ? null : server);
  }
  return owners;
}

function wordsByVolume(servers: readonly ClusterServer[]): Map<string, VolumeWord[]> {
  const words = new Map<string, VolumeWord[]>();
  for (const server of servers) {
    for (const volume of server.gluster?.volumes ?? []) {
      const group = words.get(volume.id) ?? [];
      group.push({ server, volume });
      words.set(volume.id, group);
    }
  }
  return words;
}

/** Whether only silent servers still remember the volume, while a fresh one of their pool does not: it was deleted. */
function isGone(words: readonly VolumeWord[], servers: readonly ClusterServer[]): boolean {
  if (words.some((word) => word.server.isFresh)) return false;
  const knowers = new Set(words.map((word) => word.server.gluster?.uuid));
  return servers.some(
    (server) =>
      server.isFresh && server.gluster?.peers.some((peer) => peer.isMember && knowers.has(peer.uuid)),
  );
}

function viewVolume(
  words: readonly VolumeWord[],
  servers: readonly ClusterServer[],
  lookUp: LookUp,
  names: ReadonlyMap<string, number>,
): ClusterVolume {
  const volume = newestWord(words).volume;
  const dataBricks = dataBricksPerSubvolume(volume);
  const subvolumes = subvolumesOf(volume).map((bricks, index) =>
    viewSubvolume(
      index,
      bricks.map((brick) => viewBrick(volume, brick, lookUp)),
      dataBricks,
    ),
  );
  const isWhole =
    subvolumes.reduce((sum, subvolume) => sum + subvolume.bricks.length, 0) === volume.bricks.length;
  return {
    volume,
    knownBy: words.map((word) => word.server.name),
    isConsistent: isWhole && names.get(volume.name) === 1 && doAllAgree(words, servers),
    subvolumes,
    fullest: fullestOf(subvolumes),
    space: spaceOf(volume, subvolumes),
  };
}

/** A fresh server's word before a silent one's, the highest version, then the first name. */
function newestWord(words: readonly VolumeWord[]): VolumeWord {
  return words.reduce((best, word) => {
    if (word.server.isFresh !== best.server.isFresh) return word.server.isFresh ? word : best;
    const ahead = (word.volume.version ?? -1) - (best.volume.version ?? -1);
    if (ahead !== 0) return ahead > 0 ? word : best;
    return compareText(word.server.name, best.server.name) < 0 ? word : best;
  });
}

/** Whether every fresh member of the pool knows the volume, and all of them the same one. */
function doAllAgree(words: readonly VolumeWord[], servers: readonly ClusterServer[]): boolean {
  const fresh = words.filter((word) => word.server.isFresh);
  const [first] = fresh;
  if (first === undefined) return false;
  const knowers = new Set(fresh.map((word) => word.server.gluster?.uuid));
  const isUnknownToMember = servers.some(
    ({ isFresh, gluster }) =>
      isFresh &&
      gluster !== null &&
      !knowers.has(gluster.uuid) &&
      gluster.peers.some((peer) => peer.isMember && knowers.has(peer.uuid)),
  );
  if (isUnknownToMember) return false;
  const versions = new Set(fresh.map((word) => word.volume.version).filter((version) => version !== null));
  const checksums = new Set(
    fresh.map((word) => word.volume.checksum).filter((checksum) => checksum !== null),
  );
  return (
    versions.size <= 1 &&
    checksums.size <= 1 &&
    fresh.every((word) => haveSameBricks(word.volume, first.volume))
  );
}

function haveSameBricks(a: Volume, b: Volume): boolean {
  return (
    a.bricks === b.bricks ||
    (a.bricks.length === b.bricks.length &&
      a.bricks.every((brick, index) => {
        const other = b.bricks[index];
        return brick.peer === other?.peer && brick.path === other.path;
      }))
  );
}

function viewBrick(volume: Volume, brick: VolumeBrick, lookUp: LookUp): ClusterBrick {
  const server = lookUp.owners.get(brick.peer) ?? null;
  const content = server === null ? null : contentOf(server, lookUp);
  const seen = content?.bricks.get(`${volume.id} ${brick.path}`) ?? null;
  const mounted = content?.filesystems.get(seen?.mountPoint ?? '') ?? null;
  // A directory on the root filesystem, or without the volume's mark, is what shows when the brick's disk is not mounted.
  const filesystem = seen?.hasVolumeId === false || !hasSpace(mounted) ? null : mounted;
  return {
    brick,
    server,
    seen,
    isUp: seen?.isUp ?? null,
    sizeBytes: filesystem?.sizeBytes ?? null,
    freeBytes: filesystem?.freeBytes ?? null,
    inodesFree: filesystem?.inodesFree ?? null,
    filesystem,
  };
}

/** A size of zero is what a failed statfs leaves behind: unknown, and not full. */
function hasSpace(filesystem: Filesystem | null): boolean {
  return filesystem !== null && !filesystem.isRoot && filesystem.sizeBytes > 0;
}

function viewSubvolume(index: number, bricks: readonly ClusterBrick[], dataBricks: number): Subvolume {
  const data = bricks.filter((member) => !member.brick.isArbiter);
  const size = smallest(data.map((member) => member.sizeBytes));
  const free = smallest(data.map((member) => member.freeBytes));
  if (size === null || free === null) {
    return { index, bricks, sizeBytes: null, freeBytes: null, freePercent: null };
  }
  const freeBytes = free * dataBricks;
  return { index, bricks, sizeBytes: size * dataBricks, freeBytes, freePercent: (100 * free) / size };
}

function smallest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length || known.length === 0 ? null : Math.min(...known);
}

function fullestOf(subvolumes: readonly Subvolume[]): Subvolume | null {
  if (subvolumes.some((subvolume) => subvolume.freePercent === null)) return null;
  const [fullest] = [...subvolumes].sort(
    (a, b) => (a.freePercent ?? 0) - (b.freePercent ?? 0) || a.index - b.index,
  );
  return fullest ?? null;
}

function spaceOf(volume: Volume, subvolumes: readonly Subvolume[]): Space | null {
  let sizeBytes = 0;
  let freeBytes = 0;
  for (const subvolume of subvolumes) {
    if (subvolume.sizeBytes === null || subvolume.freeBytes === null) return null;
    sizeBytes += subvolume.sizeBytes;
    freeBytes += subvolume.freeBytes;
  }
  return { subvolumes: subvolumes.length, bricks: volume.bricks.length, sizeBytes, freeBytes };
}

/** The servers that hold the volume's bricks, each once, sorted by name; bricks whose server is unknown are left out. */
export function serversOf(volume: ClusterVolume): ClusterServer[] {
  const servers = new Map<ServerName, ClusterServer>();
  for (const { server } of bricksOf(volume)) {
    if (server !== null) servers.set(server.name, server);
  }
  return sortedByText(servers.values(), (server) => server.name);
}
