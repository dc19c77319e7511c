// Describes a cluster in a few words and makes the core's State of it: servers with disks, volumes with bricks, all of
// it healthy unless the description says otherwise. Whole reports come out, as agents would send them.

import type { ServerState, State } from '../../coordinator/core/state.ts';
import type { Brick } from '../../shared/model/brick.ts';
import { defaultClusterIntent } from '../../shared/model/cluster-intent.ts';
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
import { defaultPolicy, type Policy } from '../../shared/model/policy.ts';
import type { Report } from '../../shared/model/report.ts';
import type { Slot } from '../../shared/model/slot.ts';
import type { Volume, VolumeKind } from '../../shared/model/volume.ts';
import { beatOf } from './beat-of.ts';

export const GiB = 1024 ** 3;
/** 2026-11-21 10:00:00 UTC. */
export const morning = 1_795_255_200_000;

export interface DiskSpec {
  sizeGiB?: number;
  /** What the disk itself has; by default it is not told. */
  deviceGiB?: number;
  freePercent?: number;
  /** What lies in the slot beside the bricks; null when it cannot be read. */
  entries?: string[] | null;
  problem?: Slot['problem'];
  isMounted?: boolean;
  isReadOnly?: boolean;
  isRoot?: boolean;
  /** The disk whose filesystem this slot's directory lies on as well; by default each has its own. */
  sameAs?: string;
  tags?: string[];
}

export interface VolumeSpec {
  kind: VolumeKind;
  /** Members of a subvolume: the replica or disperse count, an arbiter counted. */
  members?: number;
  redundancy?: number;
  /** `server:disk/directory` in Gluster's order. */
  bricks: string[];
  status?: Volume['status'];
  rebalance?: Partial<Volume['rebalance']>;
}

/** Servers by name with their disks by name (mounted at /bricks/<disk>), and volumes by name. */
export interface ClusterSpec {
  servers: Record<string, Record<string, DiskSpec>>;
  volumes: Record<string, VolumeSpec>;
  /** Where the servers stand, by name. */
  zones?: Record<string, string>;
}

export interface StateSpec {
  now?: number;
  epoch?: number;
  policies?: Record<string, PolicyChange>;
  /** How long ago each server was heard last, in ms. */
  silentMs?: Record<string, number>;
  /** Changes what a server reports. */
  change?: (report: Report) => Report;
  rest?: Partial<State>;
}

/** The State of a healthy, fresh cluster. */
export function buildState(cluster: ClusterSpec, spec: StateSpec = {}): State {
  const now = spec.now ?? morning;
  const names = Object.keys(cluster.servers);
  const servers = names.map((name): ServerState => {
    const at = now - (spec.silentMs?.[name] ?? 0);
    const report = (spec.change ?? ((same) => same))(reportOf(cluster, name, at));
    return { name: name as ServerName, report, reportAt: at, beat: beatOf(report), beatAt: at };
  });
  return {
    epoch: spec.epoch ?? 1,
    servers: new Map(servers.map((server) => [server.name, server])),
    policies: new Map(
      Object.entries(spec.policies ?? {}).map(([name, policy]) => [name as VolumeName, policyWith(policy)]),
    ),
    intent: defaultClusterIntent,
    plans: new Map(),
    outcomes: new Map(),
    crossedSince: new Map(),
    emergencySince: new Map(),
    histories: new Map(),
    dropped: new Map(),
    ...spec.rest,
  };
}

/** The default policy but for `change`, and without hold and cooldown, which few tests are about. */
export function policyWith(change: PolicyChange): Policy {
  const level = { ...defaultPolicy.level, ...change.level };
  return { ...defaultPolicy, holdSeconds: 0, cooldownSeconds: 0, ...change, level };
}

/** A policy in as few words as a test needs; what the level leaves out is the default's. */
export type PolicyChange = Omit<Partial<Policy>, 'level'> & { readonly level?: Partial<Policy['level']> };

/** A policy of mode auto that may grow a lot. */
export const autoPolicy: Policy = policyWith({
  mode: 'auto',
  limits: { maxBricks: 1000, maxSizeBytes: null, maxGrowthsPerDay: 1000 },
});

/** `count` servers gluster1, gluster2, …, each with the same disks. */
export function alikeServers(count: number, disks: Record<string, DiskSpec>): ClusterSpec['servers'] {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`gluster${index + 1}`, disks]));
}

/** One value per section of a report: a test's `change` that touches only `server`. */
export function onServer(
  server: string,
  change: (sections: Report['sections']) => Partial<Report['sections']>,
): (report: Report) => Report {
  return (report) =>
    report.server === server
      ? { ...report, sections: { ...report.sections, ...change(report.sections) } }
      : report;
}

/** The value of a section that is known to be seen. */
export function seenValue<T>(section: { kind: 'seen'; value: T } | { kind: 'failed' }): T {
  if (section.kind === 'failed') throw new Error('the section was built as failed');
  return section.value;
}

export function volumeIdOf(name: string): VolumeId {
  const digits = [...name].map((letter) => letter.charCodeAt(0).toString(16)).join('');
  return `aaaaaaaa-aaaa-4aaa-8aaa-${digits.padStart(12, '0').slice(-12)}` as VolumeId;
}

function uuidOf(cluster: ClusterSpec, server: string): PeerUuid {
  const position = Object.keys(cluster.servers).sort().indexOf(server) + 1;
  return `00000000-0000-4000-8000-${position.toString(16).padStart(12, '0')}` as PeerUuid;
}

function reportOf(cluster: ClusterSpec, server: string, at: number): Report {
  const seen = <T>(value: T) => ({ kind: 'seen' as const, seenAt: at, value });
  const names = Object.keys(cluster.servers);
  return {
    server: server as ServerName,
    run: `run-of-${server}`,
    sequence: 1,
    sentAt: at,
    agentVersion: '0.1.0',
    zone: (cluster.zones?.[server] ?? null) as Zone | null,
    epoch: 0,
    sections: {
      filesystems: seen(filesystemsOf(cluster, server)),
      slots: seen(slotsOf(cluster, server)),
      gluster: seen(glusterOf(cluster, server)),
      bricks: seen(bricksOn(cluster, server)),
      ports: seen(
        bricksOn(cluster, server).map(({ port, pid }) => ({
          protocol: 'tcp' as const,
          address: '0.0.0.0',
          port: port ?? 1,
          pid,
          process: 'glusterfsd',
        })),
      ),
      names: seen(
        names.map((name, index) => ({
          name,
          addresses: [`10.0.0.${index + 1}`],
          error: null,
          isLocal: name === server,
          isLoopback: false,
        })),
      ),
    },
  };
}

function disksOf(cluster: ClusterSpec, server: string): [string, DiskSpec][] {
  return Object.entries(cluster.servers[server] ?? {});
}

function filesystemsOf(cluster: ClusterSpec, server: string): Filesystem[] {
  const disks = disksOf(cluster, server);
  return disks.flatMap(([name, disk], index) => {
    if (disk.isMounted === false) return [];
    const device = disks.findIndex(([other]) => other === (disk.sameAs ?? name));
    const sizeBytes = (disk.sizeGiB ?? 100) * GiB;
    return [
      {
        mountPoint: `/bricks/${name}` as AbsolutePath,
        device: `/dev/vd${index}`,
        deviceNumber: `252:${device}`,
        type: 'xfs',
        options: ['rw'],
        isReadOnly: disk.isReadOnly ?? false,
        isRoot: disk.isRoot ?? false,
        sizeBytes,
        ...(disk.deviceGiB === undefined ? {} : { deviceBytes: disk.deviceGiB * GiB }),
        freeBytes: Math.floor((sizeBytes * (disk.freePercent ?? 95)) / 100),
        inodes: 1_000_000,
        inodesFree: 900_000,
      },
    ];
  });
}

function slotsOf(cluster: ClusterSpec, server: string): Slot[] {
  return disksOf(cluster, server).map(([name, disk]) => {
    const path = `/bricks/${name}` as AbsolutePath;
    const here = bricksOn(cluster, server).filter((brick) => brick.path.startsWith(`${path}/`));
    const directories = here.map((brick) => brick.path.slice(path.length + 1));
    const unmounted = { code: 'unmounted' as const, sentence: `nothing is mounted at ${path}` };
    return {
      path,
      mountPoint: path,
      tags: disk.tags ?? [],
      problem: disk.problem ?? (disk.isMounted === false ? unmounted : null),
      entries: disk.entries === null ? null : [...directories, ...(disk.entries ?? [])],
    };
  });
}

function glusterOf(cluster: ClusterSpec, server: string): Gluster {
  const others = Object.keys(cluster.servers).filter((name) => name !== server);
  return {
    uuid: uuidOf(cluster, server),
    version: '10.3',
    opVersion: 100_000,
    peers: others.map((name) => ({
      uuid: uuidOf(cluster, name),
      hostNames: [name],
      isConnected: true,
      isMember: true,
      state: 'Peer in Cluster',
    })),
    volumes: Object.keys(cluster.volumes).map((name) => volumeOf(cluster, name)),
  };
}

function volumeOf(cluster: ClusterSpec, name: string): Volume {
  const spec = cluster.volumes[name];
  if (spec === undefined) throw new Error(`no volume ${name}`);
  const members = spec.members ?? 1;
  const isDisperse = spec.kind === 'disperse';
  return {
    id: volumeIdOf(name),
    name: name as VolumeName,
    kind: spec.kind,
    status: spec.status ?? 'started',
    replicaCount: isDisperse ? 1 : members,
    arbiterCount: spec.kind === 'arbiter' ? 1 : 0,
    disperseCount: isDisperse ? members : 0,
    redundancyCount: spec.redundancy ?? 0,
    bricks: spec.bricks.map((brick, index) => {
      const [host = '', path = ''] = brick.split(':');
      return {
        host: host as ServerName,
        path: `/bricks/${path}` as AbsolutePath,
        peer: uuidOf(cluster, host),
        isArbiter: spec.kind === 'arbiter' && index % members === members - 1,
      };
    }),
    options: {},
    rebalance: { taskId: null, status: 'not-started', failures: 0, skipped: 0, ...spec.rebalance },
    version: 2 + spec.bricks.length,
    checksum: 1000 + spec.bricks.length,
  };
}

function bricksOn(cluster: ClusterSpec, server: string): Brick[] {
  return Object.keys(cluster.volumes).flatMap((name) => {
    const volume = volumeOf(cluster, name);
    return volume.bricks
      .filter((brick) => brick.host === server)
      .map((brick, index): Brick => {
        const mountPoint = brick.path.slice(0, brick.path.lastIndexOf('/')) as AbsolutePath;
        const disk = cluster.servers[server]?.[mountPoint.slice('/bricks/'.length)];
        const isMounted = disk?.isMounted !== false;
        return {
          volume: volume.name,
          volumeId: volume.id,
          path: brick.path,
          isUp: volume.status === 'started',
          pid: 100 + index,
          port: 50_000 + index,
          mountPoint: isMounted ? mountPoint : null,
          hasVolumeId: isMounted ? true : null,
          pendingHeals: 0,
        };
      });
  });
}
