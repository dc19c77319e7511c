// A large cluster as a State: zones of servers, equal or unlike disks, and replica-3 volumes on them. What all servers
// would say alike (the volumes) is one value that they share, which is all that makes so large a state fit.
import type { State } from '../../coordinator/core/state.ts';
import type { Brick } from '../../shared/model/brick.ts';
import type { Filesystem } from '../../shared/model/filesystem.ts';
import type { Gluster } from '../../shared/model/gluster.ts';
import type {
  AbsolutePath,
  PeerUuid,
  ServerName,
  VolumeId,
  VolumeName,
  Zone,
} from '../../shared/model/names.ts';
import type { Report, Sections } from '../../shared/model/report.ts';
import type { Slot } from '../../shared/model/slot.ts';
import type { Volume, VolumeBrick } from '../../shared/model/volume.ts';
import { beatOf } from './beat-of.ts';
import { buildState } from './cluster-builder.ts';

export interface LargeSpec {
  /** Zone of each server, null for none. */
  readonly zones: readonly (string | null)[];
  /** Sizes in bytes of the disks of the server with that index. */
  readonly disksOf: (server: number) => readonly number[];
  /** Volumes of replica 3; volume v's subvolume s lies on consecutive servers. */
  readonly volumes: number;
  readonly subvolumes: number;
  readonly freePercent: number;
}

export const tebibyte = 1024 ** 4;
export const largeNow = 1_795_255_200_000;

/** The state of that cluster, all of it fresh and healthy at `largeNow`. */
export function largeState(spec: LargeSpec): State {
  const peers = spec.zones.map((_, index) => ({
    uuid: uuidOf(index),
    hostNames: [serverName(index)],
    isConnected: true,
    isMember: true,
    state: 'Peer in Cluster',
  }));
  const volumes = Array.from({ length: spec.volumes }, (_, index) => volumeOf(spec, index));
  const bricks = bricksByServer(volumes);
  const servers = spec.zones.map((zone, index) => {
    const name = serverName(index);
    const gluster: Gluster = {
      uuid: uuidOf(index),
      version: '10.3',
      opVersion: 100_000,
      peers: peers.filter((_, other) => other !== index),
      volumes,
    };
    const sections = sectionsOf(spec.disksOf(index), spec.freePercent, bricks.get(name) ?? [], gluster);
    const report: Report = {
      ...{
        server: name,
        run: `run-of-${name}`,
        sequence: 1,
        sentAt: largeNow,
        agentVersion: '0.1.0',
        epoch: 0,
      },
      zone: zone as Zone | null,
      sections,
    };
    return { name, report, reportAt: largeNow, beat: beatOf(report), beatAt: largeNow };
  });
  return {
    ...buildState({ servers: {}, volumes: {} }),
    servers: new Map(servers.map((server) => [server.name, server])),
  };
}

/** `server0007`. */
export function serverName(index: number): ServerName {
  return `server${String(index).padStart(4, '0')}` as ServerName;
}

function uuidOf(index: number): PeerUuid {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}` as PeerUuid;
}

function volumeOf(spec: LargeSpec, index: number): Volume {
  const count = spec.zones.length;
  const bricks = Array.from({ length: spec.subvolumes * 3 }, (_, position): VolumeBrick => {
    const set = index * spec.subvolumes + Math.floor(position / 3);
    const server = (set * 3 + (position % 3)) % count;
    const disk = Math.floor((set * 3) / count) % spec.disksOf(server).length;
    return {
      host: serverName(server),
      path: `/bricks/b${disk}/vol${index}-${Math.floor(position / 3) + 1}` as AbsolutePath,
      peer: uuidOf(server),
      isArbiter: false,
    };
  });
  return {
    id: `aaaaaaaa-aaaa-4aaa-8aaa-${index.toString(16).padStart(12, '0')}` as VolumeId,
    name: `vol${index}` as VolumeName,
    kind: 'replicate',
    status: 'started',
    ...{ replicaCount: 3, arbiterCount: 0, disperseCount: 0, redundancyCount: 0 },
    bricks,
    options: {},
    rebalance: { taskId: null, status: 'not-started', failures: 0, skipped: 0 },
    ...{ version: 2, checksum: 1 },
  };
}

function bricksByServer(volumes: readonly Volume[]): Map<string, Brick[]> {
  const byServer = new Map<string, Brick[]>();
  for (const volume of volumes) {
    for (const { host, path } of volume.bricks) {
      const bricks = byServer.get(host) ?? [];
      bricks.push({
        ...{ volume: volume.name, volumeId: volume.id, path, isUp: true, pid: 1, port: 50_000 },
        mountPoint: path.slice(0, path.lastIndexOf('/')) as AbsolutePath,
        ...{ hasVolumeId: true, pendingHeals: 0 },
      });
      byServer.set(host, bricks);
    }
  }
  return byServer;
}

function sectionsOf(
  disks: readonly number[],
  freePercent: number,
  bricks: Brick[],
  gluster: Gluster,
): Sections {
  const seen = <T>(value: T) => ({ kind: 'seen' as const, seenAt: largeNow, value });
  const filesystems = disks.map(
    (sizeBytes, index): Filesystem => ({
      mountPoint: `/bricks/b${index}` as AbsolutePath,
      ...{ device: `/dev/vd${index}`, deviceNumber: `252:${index}`, type: 'xfs', options: ['rw'] },
      ...{ isReadOnly: false, isRoot: false, sizeBytes },
      freeBytes: Math.floor((sizeBytes * freePercent) / 100),
      ...{ inodes: 1_000_000, inodesFree: 900_000 },
    }),
  );
  const slots = filesystems.map(
    ({ mountPoint }): Slot => ({
      ...{ path: mountPoint, mountPoint, tags: [], problem: null },
      entries: bricks
        .filter((brick) => brick.mountPoint === mountPoint)
        .map(({ path }) => path.slice(mountPoint.length + 1)),
    }),
  );
  return {
    ...{ filesystems: seen(filesystems), slots: seen(slots), gluster: seen(gluster), bricks: seen(bricks) },
    ...{ ports: seen([]), names: seen([]) },
  };
}
