// The reports of all servers put together: which server holds which bricks, how full each subvolume is, what each slot
// still offers. Derived anew at each activation and never stored; the API shows the same values.
import type { Brick } from '../../shared/model/brick.ts';
import type { Filesystem } from '../../shared/model/filesystem.ts';
import type { Gluster } from '../../shared/model/gluster.ts';
import type { ServerName, VolumeId, VolumeName, Zone } from '../../shared/model/names.ts';
import type { Space } from '../../shared/model/plan.ts';
import type { Slot } from '../../shared/model/slot.ts';
import type { Volume, VolumeBrick } from '../../shared/model/volume.ts';
import { indexOf } from './cluster-index.ts';
import type { ServerState } from './state.ts';

export interface ClusterServer {
  readonly name: ServerName;
  readonly state: ServerState;
  /** Where it stands, outermost name first; null when nobody said. */
  readonly zone: Zone | null;
  /** Whether report and beat are young enough to act on. */
  readonly isFresh: boolean;
  /** Age of the newest sign of life, ms. */
  readonly silentMs: number;
  readonly gluster: Gluster | null;
  readonly filesystems: readonly Filesystem[];
  readonly bricks: readonly Brick[];
}

export interface ClusterSlot {
  readonly server: ServerName;
  readonly slot: Slot;
  /** The filesystem mounted there, with the free space of the newest beat; null when it is not there or not known. */
  readonly filesystem: Filesystem | null;
  readonly isFresh: boolean;
  /** The bricks of any volume that lie on the same filesystem. */
  readonly bricks: readonly { volume: VolumeName; path: string }[];
}

export interface ClusterBrick {
  readonly brick: VolumeBrick;
  /** The server by its report; null when no agent reports under the brick's peer UUID. */
  readonly server: ClusterServer | null;
  /** What its own server says of it; null when that is unknown. */
  readonly seen: Brick | null;
  readonly isUp: boolean | null;
  readonly sizeBytes: number | null;
  readonly freeBytes: number | null;
  readonly inodesFree: number | null;
  /** st_dev of its filesystem with its server, for "no two bricks of a volume on one filesystem"; null when unknown. */
  readonly filesystem: Filesystem | null;
}

export interface Subvolume {
  /** From 0, in Gluster's order. */
  readonly index: number;
  readonly bricks: readonly ClusterBrick[];
  /** Space for files: the smallest data member × data bricks; null as soon as one data member is unknown. */
  readonly sizeBytes: number | null;
  readonly freeBytes: number | null;
  readonly freePercent: number | null;
}

export interface ClusterVolume {
  readonly volume: Volume;
  /** Servers whose glusterd knows the volume, and whether version, checksum and bricks are the same on all of them. */
  readonly knownBy: readonly ServerName[];
  readonly isConsistent: boolean;
  readonly subvolumes: readonly Subvolume[];
  /** The subvolume with the smallest free percentage; null when any is unknown. */
  readonly fullest: Subvolume | null;
  readonly space: Space | null;
}

export interface Cluster {
  readonly now: number;
  readonly servers: readonly ClusterServer[];
  readonly slots: readonly ClusterSlot[];
  readonly volumes: readonly ClusterVolume[];
}

/** The server of that name; undefined when no agent reports under it. */
export function serverNamed(cluster: Cluster, name: ServerName): ClusterServer | undefined {
  return indexOf(cluster).servers.get(name);
}

/** The volume of that id; undefined when no server knows it. */
export function volumeById(cluster: Cluster, id: VolumeId): ClusterVolume | undefined {
  return indexOf(cluster).volumes.get(id);
}

/** All bricks of a volume with what is known of them, in Gluster's order. */
export function bricksOf(volume: ClusterVolume): ClusterBrick[] {
  return volume.subvolumes.flatMap((subvolume) => subvolume.bricks);
}

/** `gluster1:/bricks/b1/vol1-1`: a brick as Gluster writes it. */
export function brickSpec(brick: { readonly host: string; readonly path: string }): string {
  return `${brick.host}:${brick.path}`;
}
