// Puts the reports of all servers together (what a Cluster is: cluster.ts). A server counts as fresh only when both its
// report and its beat are young; what a silent server said last is still shown, and whoever acts asks `isFresh`.

import { compareText, sortedByText, valuesByKey } from '../../shared/lib/compare-text.ts';
import type { Brick } from '../../shared/model/brick.ts';
import type { Filesystem } from '../../shared/model/filesystem.ts';
import type { ServerName, VolumeName } from '../../shared/model/names.ts';
import { seen } from '../../shared/model/section.ts';
import type { Slot } from '../../shared/model/slot.ts';
import {
  bricksOf,
  type Cluster,
  type ClusterServer,
  type ClusterSlot,
  type ClusterVolume,
} from './cluster.ts';
import { freshBeatMs, freshReportMs, type ServerState, type State } from './state.ts';
import { filesystemsByMountPoint, viewVolumes } from './view-volumes.ts';

/**
 * The cluster as the newest reports and beats show it at `now` (ms since 1970). Servers, slots and volumes come sorted
 * by name, whatever the order in `state`.
 */
export function viewCluster(state: State, now: number): Cluster {
  const servers = valuesByKey(state.servers).map((server) => viewServer(server, now));
  const volumes = viewVolumes(servers);
  const bricks = bricksByServer(volumes);
  const slots = servers.flatMap((server) => viewSlots(server, bricks.get(server.name) ?? []));
  return { now, servers, slots, volumes };
}

/**
 * Whether something that came at `at` is at most `limitMs` old. What came in the future is not: the clock was set back,
 * nobody knows how far, and the next beat puts it right.
 */
function isYoung(at: number | null, limitMs: number, now: number): boolean {
  return at !== null && at <= now && now - at <= limitMs;
}

function viewServer(state: ServerState, now: number): ClusterServer {
  const { sections, run } = state.report;
  const beat = state.beat?.run === run ? state.beat : null;
  const beatAt = beat === null ? null : state.beatAt;
  // Arrival times are compared, not the agent's own: its clock may jump between the two.
  const newer = beat !== null && beatAt !== null && beatAt >= state.reportAt ? beat : null;
  const space = new Map(newer?.filesystems.map((filesystem) => [filesystem.mountPoint, filesystem]));
  const upness = new Map(newer?.bricks.map((brick) => [brick.path, brick.isUp]));
  return {
    name: state.name,
    state,
    zone: state.report.zone ?? null,
    isFresh: isYoung(state.reportAt, freshReportMs, now) && isYoung(beatAt, freshBeatMs, now),
    silentMs: Math.max(0, now - Math.max(state.reportAt, state.beatAt ?? 0)),
    gluster: seen(sections.gluster),
    filesystems: sortedByText(seen(sections.filesystems) ?? [], (filesystem) => filesystem.mountPoint).map(
      (filesystem): Filesystem => {
        const moved = space.get(filesystem.mountPoint);
        if (moved === undefined) return filesystem;
        return { ...filesystem, freeBytes: moved.freeBytes, inodesFree: moved.inodesFree };
      },
    ),
    bricks: sortedByText(seen(sections.bricks) ?? [], (brick) => brick.path).map(
      (brick): Brick => ({ ...brick, isUp: upness.get(brick.path) ?? brick.isUp }),
    ),
  };
}

function viewSlots(server: ClusterServer, inVolumes: readonly PlacedBrick[]): ClusterSlot[] {
  const slots = sortedByText(seen(server.state.report.sections.slots) ?? [], (slot) => slot.path);
  const filesystems = filesystemsByMountPoint(server);
  const known = bricksOn(server, inVolumes, filesystems);
  return slots.map((slot) => {
    const filesystem = filesystems.get(slot.mountPoint) ?? null;
    return {
      server: server.name,
      slot,
      filesystem,
      isFresh: server.isFresh,
      bricks: known
        .filter((brick) => isOnSlot(brick, slot, filesystem))
        .map(({ volume, path }) => ({ volume, path })),
    };
  });
}

interface PlacedBrick {
  readonly volume: VolumeName;
  readonly path: string;
  readonly deviceNumber: string | null;
}

/** The bricks of all volumes by the server that holds them, as glusterd lists them. */
function bricksByServer(volumes: readonly ClusterVolume[]): ReadonlyMap<ServerName, PlacedBrick[]> {
  const byServer = new Map<ServerName, PlacedBrick[]>();
  for (const volume of volumes) {
    for (const { brick, server, filesystem } of bricksOf(volume)) {
      if (server === null) continue;
      const bricks = byServer.get(server.name) ?? [];
      const deviceNumber = filesystem?.deviceNumber ?? null;
      bricks.push({ volume: volume.volume.name, path: brick.path, deviceNumber });
      byServer.set(server.name, bricks);
    }
  }
  return byServer;
}

/** Those, and what the server sees besides: a brick that is down, or of a volume that was deleted, is still there. */
function bricksOn(
  server: ClusterServer,
  inVolumes: readonly PlacedBrick[],
  filesystems: ReadonlyMap<string, Filesystem>,
): PlacedBrick[] {
  const bricks = new Map<string, PlacedBrick>(inVolumes.map((brick) => [brick.path, brick]));
  for (const { volume, path, mountPoint } of server.bricks) {
    if (bricks.has(path)) continue;
    const deviceNumber = filesystems.get(mountPoint ?? '')?.deviceNumber ?? null;
    bricks.set(path, { volume, path, deviceNumber });
  }
  return [...bricks.values()].sort((a, b) => compareText(a.path, b.path));
}

function isOnSlot(brick: PlacedBrick, slot: Slot, filesystem: Filesystem | null): boolean {
  if (brick.deviceNumber !== null && filesystem !== null) {
    return brick.deviceNumber === filesystem.deviceNumber;
  }
  return brick.path.startsWith(`${slot.mountPoint}/`);
}
