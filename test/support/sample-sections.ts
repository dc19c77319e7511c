// What a server has seen, for tests of what is done with it: one volume, one brick.
import type { Brick } from '../../shared/model/brick.ts';
import type { Gluster } from '../../shared/model/gluster.ts';
import type { AbsolutePath, PeerUuid, ServerName, VolumeId, VolumeName } from '../../shared/model/names.ts';
import type { Sections } from '../../shared/model/report.ts';
import type { Section } from '../../shared/model/section.ts';
import type { Volume } from '../../shared/model/volume.ts';
import { sampleReport } from './sample-report.ts';

const id = (digit: number) => `00000000-0000-4000-8000-${String(digit).padStart(12, '0')}`;

/** A brick of `vol1` that runs. */
export function sampleBrick(over: Partial<Brick> = {}): Brick {
  return {
    volume: 'vol1' as VolumeName,
    volumeId: id(1) as VolumeId,
    path: '/bricks/b1/vol1' as AbsolutePath,
    isUp: true,
    pid: 500,
    port: 51_136,
    mountPoint: '/bricks/b1' as AbsolutePath,
    hasVolumeId: true,
    pendingHeals: 0,
    ...over,
  };
}

/** A started distribute volume of one brick. */
export function sampleVolume(over: Partial<Volume> = {}): Volume {
  return {
    id: id(1) as VolumeId,
    name: 'vol1' as VolumeName,
    kind: 'distribute',
    status: 'started',
    replicaCount: 1,
    arbiterCount: 0,
    disperseCount: 0,
    redundancyCount: 0,
    bricks: [
      {
        host: 'gluster1' as ServerName,
        path: '/bricks/b1/vol1' as AbsolutePath,
        peer: id(11) as PeerUuid,
        isArbiter: false,
      },
    ],
    options: {},
    rebalance: { taskId: null, status: 'not-started', failures: 0, skipped: 0 },
    version: 2,
    checksum: 1234,
    ...over,
  };
}

/** glusterd of `gluster1`, with a peer that has two names. */
export function sampleGluster(over: Partial<Gluster> = {}): Gluster {
  return {
    uuid: id(11) as PeerUuid,
    version: '10.3',
    opVersion: 100_000,
    peers: [
      {
        uuid: id(12) as PeerUuid,
        hostNames: ['gluster2', 'gluster2.lab'],
        isConnected: true,
        isMember: true,
        state: 'Peer in Cluster',
      },
    ],
    volumes: [sampleVolume()],
    ...over,
  };
}

/** Sections in which everything has failed but what is given. */
export function sampleSections(values: Partial<{ gluster: Gluster; bricks: Brick[] }>): Sections {
  const seen = Object.entries(values).map(([name, value]) => [name, { kind: 'seen', seenAt: 1, value }]);
  return {
    ...sampleReport('gluster1').sections,
    ...(Object.fromEntries(seen) as Record<string, Section<never>>),
  };
}
