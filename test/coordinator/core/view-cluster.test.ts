// What the reports of all servers amount to: who is fresh, whose brick is whose, how full each subvolume is.
import { describe, expect, test } from 'vitest';
import { bricksOf, type ClusterVolume } from '../../../coordinator/core/cluster.ts';
import type { ServerState, State } from '../../../coordinator/core/state.ts';
import { viewCluster } from '../../../coordinator/core/view-cluster.ts';
import type { PeerUuid, ServerName } from '../../../shared/model/names.ts';
import type { Volume } from '../../../shared/model/volume.ts';
import {
  alikeServers,
  buildState,
  type ClusterSpec,
  GiB,
  morning,
  onServer,
  seenValue,
} from '../../support/cluster-builder.ts';

const replica3: ClusterSpec = {
  servers: alikeServers(3, { b1: { freePercent: 50 }, b2: {} }),
  volumes: {
    vol1: {
      kind: 'replicate',
      members: 3,
      bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1', 'gluster3:b1/vol1-1'],
    },
  },
};

function volumeOf(state: State): ClusterVolume {
  const [volume] = viewCluster(state, morning).volumes;
  if (volume === undefined) throw new Error('no volume');
  return volume;
}

function withServer(
  state: State,
  name: string,
  change: (server: ServerState) => Partial<ServerState>,
): State {
  const servers = new Map(state.servers);
  const server = servers.get(name as ServerName);
  if (server !== undefined) servers.set(server.name, { ...server, ...change(server) });
  return { ...state, servers };
}

/** What `server` says of the only volume is changed. */
function withWord(server: string, change: (volume: Volume) => Partial<Volume>) {
  return onServer(server, ({ gluster }) => ({
    gluster: {
      kind: 'seen',
      seenAt: morning,
      value: {
        ...seenValue(gluster),
        volumes: seenValue(gluster).volumes.map((volume) => ({ ...volume, ...change(volume) })),
      },
    },
  }));
}

describe('a server', () => {
  test.each<[string, (server: ServerState) => Partial<ServerState>, boolean]>([
    ['is fresh with a report and a beat of now', () => ({}), true],
    ['is fresh with a report of 75 s ago', () => ({ reportAt: morning - 75_000 }), true],
    ['is not fresh with an older report', () => ({ reportAt: morning - 75_001 }), false],
    ['is fresh with a beat of 10 s ago', () => ({ beatAt: morning - 10_000 }), true],
    ['is not fresh with an older beat', () => ({ beatAt: morning - 10_001 }), false],
    ['is not fresh before its first beat', () => ({ beat: null, beatAt: null }), false],
    ['is not fresh with a report from the future', () => ({ reportAt: morning + 1 }), false],
    ['is not fresh with a beat from the future', () => ({ beatAt: morning + 1 }), false],
    [
      'is not fresh when the beat is of another run than the report',
      ({ beat }) => ({ beat: beat === null ? null : { ...beat, run: 'another run' } }),
      false,
    ],
  ])('%s', (_, change, isFresh) => {
    const state = withServer(buildState(replica3), 'gluster2', change);
    expect(viewCluster(state, morning).servers.map((server) => server.isFresh)).toEqual([
      true,
      isFresh,
      true,
    ]);
  });

  test.each<[string, number, number]>([
    ['takes the free space of a beat that came after the report', morning, 7 * GiB],
    ['keeps the free space of the report when the beat came before it', morning - 1, 50 * GiB],
  ])('%s', (_, beatAt, freeBytes) => {
    const state = withServer(buildState(replica3), 'gluster1', ({ beat }) => ({
      beatAt,
      beat:
        beat === null
          ? null
          : { ...beat, filesystems: beat.filesystems.map((moved) => ({ ...moved, freeBytes: 7 * GiB })) },
    }));
    expect(viewCluster(state, morning).servers[0]?.filesystems[0]?.freeBytes).toBe(freeBytes);
  });

  test('takes from a newer beat that a brick went down', () => {
    const state = withServer(buildState(replica3), 'gluster1', ({ beat }) => ({
      beat:
        beat === null ? null : { ...beat, bricks: beat.bricks.map((brick) => ({ ...brick, isUp: false })) },
    }));
    expect(bricksOf(volumeOf(state)).map((member) => member.isUp)).toEqual([false, true, true]);
  });

  test('says how long ago it was heard last', () => {
    const state = buildState(replica3, { silentMs: { gluster3: 12_345 } });
    expect(viewCluster(state, morning).servers.map((server) => server.silentMs)).toEqual([0, 0, 12_345]);
  });
});

describe('a brick', () => {
  test('is joined to its server by peer UUID, whatever host name the volume has for it', () => {
    const renamed = withWord('gluster1', ({ bricks }) => ({
      version: 9,
      bricks: bricks.map((brick) => ({ ...brick, host: 'storage.example' as ServerName })),
    }));
    const members = bricksOf(volumeOf(buildState(replica3, { change: renamed })));
    expect(members.map((member) => member.server?.name)).toEqual(['gluster1', 'gluster2', 'gluster3']);
  });

  test('belongs to nobody known when two servers claim the same UUID', () => {
    const cloned = onServer('gluster3', ({ gluster }) => ({
      gluster: {
        kind: 'seen',
        seenAt: morning,
        value: { ...seenValue(gluster), uuid: '00000000-0000-4000-8000-000000000002' as PeerUuid },
      },
    }));
    const members = bricksOf(volumeOf(buildState(replica3, { change: cloned })));
    expect(members.map((member) => member.server?.name)).toEqual(['gluster1', undefined, undefined]);
  });

  test.each<[string, Parameters<typeof onServer>[1]]>([
    [
      'its path cannot be reached',
      ({ bricks }) => ({ bricks: seen(seenValue(bricks).map((brick) => ({ ...brick, mountPoint: null }))) }),
    ],
    [
      'its filesystem is not among those mounted',
      ({ filesystems }) => ({
        filesystems: seen(seenValue(filesystems).filter(({ mountPoint }) => mountPoint !== '/bricks/b1')),
      }),
    ],
    [
      'it lies on the root filesystem',
      ({ filesystems }) => ({
        filesystems: seen(seenValue(filesystems).map((filesystem) => ({ ...filesystem, isRoot: true }))),
      }),
    ],
    [
      'what lies there has not the mark of the volume',
      ({ bricks }) => ({
        bricks: seen(seenValue(bricks).map((brick) => ({ ...brick, hasVolumeId: false }))),
      }),
    ],
    [
      'its filesystem has a size of zero',
      ({ filesystems }) => ({
        filesystems: seen(
          seenValue(filesystems).map((filesystem) => ({ ...filesystem, sizeBytes: 0, freeBytes: 0 })),
        ),
      }),
    ],
    ['the server could not look at bricks', () => ({ bricks: failed })],
    ['the server could not look at filesystems', () => ({ filesystems: failed })],
  ])('has unknown space, and its volume too, when %s', (_, change) => {
    const spec = { change: onServer('gluster2', change) };
    const state = withServer(buildState(replica3, spec), 'gluster2', () => ({ beatAt: morning - 1 }));
    const volume = volumeOf(state);
    expect(bricksOf(volume).map((member) => member.freeBytes)).toEqual([50 * GiB, null, 50 * GiB]);
    expect(volume.subvolumes[0]).toMatchObject({ sizeBytes: null, freeBytes: null, freePercent: null });
    expect(volume.fullest).toBe(null);
    expect(volume.space).toBe(null);
  });
});

describe('the space of a subvolume', () => {
  const unlike = (free: [number, number, number]): ClusterSpec['servers'] => ({
    gluster1: { b1: { freePercent: free[0] } },
    gluster2: { b1: { freePercent: free[1] } },
    gluster3: { b1: { freePercent: free[2] } },
  });
  const bricks = replica3.volumes.vol1?.bricks ?? [];

  test.each<[string, ClusterSpec, { sizeGiB: number; freeGiB: number }]>([
    [
      'is that of the smallest member of a replica set',
      { servers: unlike([50, 10, 30]), volumes: { vol1: { kind: 'replicate', members: 3, bricks } } },
      { sizeGiB: 100, freeGiB: 10 },
    ],
    [
      'does not depend on the arbiter',
      { servers: unlike([50, 30, 1]), volumes: { vol1: { kind: 'arbiter', members: 3, bricks } } },
      { sizeGiB: 100, freeGiB: 30 },
    ],
    [
      'is the smallest member times the data bricks of a disperse set',
      {
        servers: unlike([50, 10, 30]),
        volumes: { vol1: { kind: 'disperse', members: 3, redundancy: 1, bricks } },
      },
      { sizeGiB: 200, freeGiB: 20 },
    ],
  ])('%s', (_, cluster, { sizeGiB, freeGiB }) => {
    const { subvolumes, space } = volumeOf(buildState(cluster));
    expect(subvolumes[0]).toMatchObject({ sizeBytes: sizeGiB * GiB, freeBytes: freeGiB * GiB });
    expect(space).toEqual({
      subvolumes: 1,
      bricks: 3,
      sizeBytes: sizeGiB * GiB,
      freeBytes: freeGiB * GiB,
    });
  });

  test('makes the one with the smallest share of free space the fullest', () => {
    const cluster = {
      servers: unlike([50, 10, 30]),
      volumes: { vol1: { kind: 'distribute' as const, bricks } },
    };
    expect(volumeOf(buildState(cluster)).fullest?.index).toBe(1);
  });
});

describe('a volume', () => {
  test('is as the fresh server with the highest version has it', () => {
    const newer = withWord('gluster3', () => ({ version: 99, status: 'stopped' }));
    expect(volumeOf(buildState(replica3, { change: newer })).volume.status).toBe('stopped');
  });

  test('is not as a silent server has it, whatever the version', () => {
    const newer = withWord('gluster3', () => ({ version: 99, status: 'stopped' }));
    const state = buildState(replica3, { change: newer, silentMs: { gluster3: 11_000 } });
    expect(volumeOf(state)).toMatchObject({ isConsistent: true, volume: { status: 'started' } });
  });

  test.each<[string, Partial<Volume>, boolean]>([
    ['the same', {}, true],
    ['another version', { version: 4 }, false],
    ['another checksum', { checksum: 1 }, false],
    ['no version, because it could not read it', { version: null, checksum: null }, true],
    ['fewer bricks', { bricks: [] }, false],
  ])('is consistent or not when one server has %s', (_, word, isConsistent) => {
    const state = buildState(replica3, { change: withWord('gluster2', () => word) });
    expect(volumeOf(state).isConsistent).toBe(isConsistent);
  });

  test('is not consistent when a fresh member of the pool does not know it', () => {
    const forgetful = onServer('gluster2', ({ gluster }) => ({
      gluster: seen({ ...seenValue(gluster), volumes: [] }),
    }));
    expect(volumeOf(buildState(replica3, { change: forgetful })).isConsistent).toBe(false);
  });

  test('may be unknown to a server that is not in the pool yet', () => {
    const outsider = onServer('gluster2', ({ gluster }) => ({
      gluster: seen({ ...seenValue(gluster), volumes: [], peers: [] }),
    }));
    const cluster: ClusterSpec = {
      ...replica3,
      volumes: { vol1: { kind: 'distribute', bricks: ['gluster1:b1/vol1-1'] } },
    };
    expect(volumeOf(buildState(cluster, { change: outsider })).isConsistent).toBe(true);
  });

  test('that only a silent server remembers is gone', () => {
    const forgetful = (server: string) =>
      onServer(server, ({ gluster }) => ({ gluster: seen({ ...seenValue(gluster), volumes: [] }) }));
    const state = buildState(replica3, {
      change: (report) => forgetful('gluster1')(forgetful('gluster2')(report)),
      silentMs: { gluster3: 60_000 },
    });
    expect(viewCluster(state, morning).volumes).toEqual([]);
  });

  test('is still shown when all servers have fallen silent', () => {
    const silentMs = { gluster1: 60_000, gluster2: 60_000, gluster3: 60_000 };
    expect(volumeOf(buildState(replica3, { silentMs }))).toMatchObject({ isConsistent: false });
  });
});

test('a slot tells which bricks share its filesystem', () => {
  const { slots } = viewCluster(buildState(replica3), morning);
  expect(slots.slice(0, 2).map(({ server, slot, bricks }) => [server, slot.path, bricks])).toEqual([
    ['gluster1', '/bricks/b1', [{ volume: 'vol1', path: '/bricks/b1/vol1-1' }]],
    ['gluster1', '/bricks/b2', []],
  ]);
});

const failed = {
  kind: 'failed' as const,
  failedAt: morning,
  code: 'command-failed',
  message: 'it did not answer',
  lastSeenAt: null,
};

function seen<T>(value: T) {
  return { kind: 'seen' as const, seenAt: morning, value };
}
