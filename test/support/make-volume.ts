// A volume of any shape for tests: bricks on servers g1, g2, … in turn, the arbiter last in each set.
import type { AbsolutePath, PeerUuid, ServerName, VolumeId, VolumeName } from '../../shared/model/names.ts';
import type { Volume, VolumeKind } from '../../shared/model/volume.ts';

export interface VolumeShape {
  kind: VolumeKind;
  bricks: number;
  replica?: number;
  arbiter?: number;
  disperse?: number;
  redundancy?: number;
}

/** A started volume `vol1` of `shape`. */
export function makeVolume(shape: VolumeShape): Volume {
  const { kind, replica = 1, arbiter = 0, disperse = 0, redundancy = 0 } = shape;
  const members = disperse || replica;
  return {
    id: '11111111-2222-4333-8444-555555555555' as VolumeId,
    name: 'vol1' as VolumeName,
    kind,
    status: 'started',
    replicaCount: replica,
    arbiterCount: arbiter,
    disperseCount: disperse,
    redundancyCount: redundancy,
    bricks: Array.from({ length: shape.bricks }, (_, index) => ({
      host: `g${(index % members) + 1}` as ServerName,
      path: `/bricks/b${Math.floor(index / members) + 1}/vol1` as AbsolutePath,
      peer: `00000000-0000-4000-8000-00000000000${(index % members) + 1}` as PeerUuid,
      isArbiter: arbiter > 0 && index % members === members - 1,
    })),
    options: {},
    rebalance: { taskId: null, status: 'not-started', failures: 0, skipped: 0 },
    version: 3,
    checksum: 12345,
  };
}
