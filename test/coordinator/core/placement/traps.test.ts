// The known traps of other tools, each named after what went wrong there, and what zones and tags mean.
import { describe, expect, test } from 'vitest';
import {
  placeReplacement,
  placeSubvolumes,
  placeVolume,
  placeVolumes,
} from '../../../../coordinator/core/placement/place-bricks.ts';
import type { Reservation } from '../../../../coordinator/core/placement/reservations.ts';
import type { NewVolume } from '../../../../coordinator/core/placement/want.ts';
import { viewCluster } from '../../../../coordinator/core/view-cluster.ts';
import type { VolumeName } from '../../../../shared/model/names.ts';
import {
  alikeServers,
  buildState,
  type ClusterSpec,
  GiB,
  morning,
  type VolumeSpec,
} from '../../../support/cluster-builder.ts';
import { createPoolMembers } from '../../../support/pool-members.ts';

const replica = (members: number, ...bricks: string[]): VolumeSpec => ({
  kind: 'replicate',
  members,
  bricks,
});
const shape = { members: 3, data: 3, arbiters: 0, dataBricks: 1 };

function view(spec: ClusterSpec) {
  const cluster = viewCluster(buildState(spec), morning);
  const pool = createPoolMembers(cluster);
  const volume = cluster.volumes.find((candidate) => candidate.volume.name === 'vol1') as never;
  return { cluster, pool, volume };
}

function grow(
  spec: ClusterSpec,
  count: number,
  rules: { allowTags?: string[]; excludeTags?: string[] } = {},
) {
  const { cluster, volume } = view(spec);
  return placeSubvolumes({ cluster, volume, count, reserved: [], minFreePercent: 20, ...rules });
}

const serversOf = (placement: { sets: readonly { bricks: readonly { server: string }[] }[] }): string[][] =>
  placement.sets.map((set) => set.bricks.map(({ server }) => server));

const newVolume = (name: string, over: Partial<NewVolume> = {}): Omit<NewVolume, 'pool'> => ({
  name: name as VolumeName,
  shape,
  sizeBytes: 10 * GiB,
  ...over,
});

test('replica pairs on one host at growth', () => {
  const servers = { gluster1: { b1: {}, b2: {}, b3: {}, b4: {} }, gluster2: { b1: {}, b2: {} } };
  const placement = grow({ servers, volumes: { vol1: replica(2, 'gluster1:b1/v', 'gluster2:b1/v') } }, 4);
  expect(serversOf(placement)).toEqual([['gluster1', 'gluster2']]);
  expect(placement.missing).toContain('only gluster1 has one left');
});

test('endless loops when a zone has no room', () => {
  const spec: ClusterSpec = {
    servers: { ...alikeServers(2, { b1: {}, b2: {} }), gluster3: { b1: {} }, gluster4: { b2: {} } },
    volumes: { vol1: replica(3, 'gluster1:b1/v', 'gluster2:b1/v', 'gluster3:b1/v') },
    zones: { gluster1: 'dc1', gluster2: 'dc2', gluster3: 'dc3', gluster4: 'dc2' },
  };
  const placement = grow(spec, 5);
  expect(placement.sets).toEqual([]);
  expect(placement.missing).toBe(
    'a new subvolume of vol1 needs 3 different zones with a usable slot each, and only dc1 and dc2 have one',
  );
});

test('powers of two: three subvolumes on three slots, and one of five on five', () => {
  const servers = alikeServers(3, { b1: {}, b2: {}, b3: {}, b4: {} });
  const bricks = ['gluster1:b1/v', 'gluster2:b1/v', 'gluster3:b1/v'];
  expect(grow({ servers, volumes: { vol1: replica(3, ...bricks) } }, 3).sets).toHaveLength(3);
  const { cluster, pool } = view({ servers: alikeServers(5, { b1: {} }), volumes: {} });
  const volume = newVolume('new', {
    shape: { members: 1, data: 1, arbiters: 0, dataBricks: 1 },
    sizeBytes: 350 * GiB,
  });
  const placement = placeVolume({ cluster, reserved: [], minFreePercent: 20 }, { ...volume, pool });
  expect(placement.sets).toHaveLength(5);
});

test('"no space" with space left: what the roomiest slots would use up is kept for the sets to come', () => {
  const servers = {
    gluster1: { b1: {}, b2: { freePercent: 50 }, b3: { freePercent: 50 }, b4: { freePercent: 50 } },
    gluster2: { b1: {}, b2: {} },
    gluster3: { b2: {} },
    gluster4: { b2: {} },
  };
  const placement = grow({ servers, volumes: { vol1: replica(2, 'gluster1:b1/v', 'gluster2:b1/v') } }, 3);
  expect(placement.missing).toBe(null);
  expect(serversOf(placement).every((set) => set[0] === 'gluster1')).toBe(true);
});

describe('a burst lands on one slot', () => {
  test('not when ten volumes are asked for at once', () => {
    const { cluster, pool } = view({ servers: alikeServers(30, { b1: { freePercent: 90 } }), volumes: {} });
    const volumes = Array.from({ length: 10 }, (_, index) => ({ ...newVolume(`new${index}`), pool }));
    const placed = placeVolumes({ cluster, reserved: [], minFreePercent: 20 }, volumes);
    const used = placed.flatMap(({ sets }) =>
      sets.flatMap(({ bricks }) => bricks.map(({ server }) => server)),
    );
    expect(new Set(used).size).toBe(30);
  });

  test('not when the room that is left is promised to plans in flight', () => {
    const { cluster, pool } = view({ servers: alikeServers(3, { b1: { freePercent: 40 } }), volumes: {} });
    const reserved: Reservation[] = [
      { server: 'gluster2', mountPoint: '/bricks/b1', volume: 'other', bytes: 15 * GiB },
    ];
    const ground = { cluster, reserved, minFreePercent: 20 };
    const placement = placeVolume(ground, { ...newVolume('new', { subvolumes: 1 }), pool });
    expect(placement.sets).toEqual([]);
    expect(placement.candidates.map(({ reason }) => reason)[1]).toBe(
      'with 10 GiB more it would have 15.0 % free, below the level of 20 %',
    );
    const proposed = { ...ground, reserved: reserved.map((place) => ({ ...place, isProposal: true })) };
    expect(placeVolume(proposed, { ...newVolume('new', { subvolumes: 1 }), pool }).sets).toHaveLength(1);
  });
});

describe('zones', () => {
  const volumes = { vol1: replica(2, 'gluster1:b1/v', 'gluster3:b1/v') };
  const zones = { gluster1: 'dc1/r1', gluster2: 'dc1/r2', gluster3: 'dc2/r1', gluster4: 'dc2/r2' };

  test('part the members at the outermost level that has enough of them', () => {
    const servers = {
      ...alikeServers(4, { b1: {}, b2: { freePercent: 60 } }),
      gluster2: { b1: {}, b2: { freePercent: 99 } },
    };
    expect(serversOf(grow({ servers, volumes, zones }, 1))).toEqual([['gluster2', 'gluster3']]);
  });

  test('that do not suffice are used as evenly as can be', () => {
    const three = { vol1: replica(3, 'gluster1:b1/v', 'gluster2:b1/v', 'gluster3:b1/v') };
    const servers = { ...alikeServers(4, { b1: {}, b2: {} }), gluster4: { b2: { freePercent: 50 } } };
    const one = { gluster1: 'dc1', gluster2: 'dc1', gluster3: 'dc2', gluster4: 'dc2' };
    const [set] = serversOf(grow({ servers, volumes: three, zones: one }, 1));
    expect(new Set(set?.map((server) => one[server as keyof typeof one])).size).toBe(2);
  });

  test('and servers rule out where another member stands when one brick is placed again', () => {
    const { cluster, volume } = view({ servers: alikeServers(4, { b1: {}, b2: {} }), volumes, zones });
    const brick = (volume as never as (typeof cluster.volumes)[0]).subvolumes[0]?.bricks[1];
    if (brick === undefined) throw new Error('no brick');
    const input = { cluster, volume, reserved: [], minFreePercent: 20 };
    const placement = placeReplacement(input, 0, brick);
    expect(serversOf(placement)).toEqual([['gluster3']]);
    expect(placement.sets[0]?.bricks[0]?.path).toBe('/bricks/b2/vol1-1');
    expect(placement.candidates[2]?.reason).toBe(
      'the zone dc1 already holds gluster1:/bricks/b1/v of the same subvolume',
    );
    const inOneZone = {
      cluster: view({
        servers: alikeServers(2, { b1: {}, b2: {} }),
        volumes: {
          vol1: replica(2, 'gluster1:b1/v', 'gluster2:b1/v'),
        },
      }).cluster,
    };
    const only = inOneZone.cluster.volumes[0];
    const last = only?.subvolumes[0]?.bricks[1];
    if (only === undefined || last === undefined) throw new Error('no brick');
    const again = placeReplacement({ ...input, ...inOneZone, volume: only }, 0, last);
    expect(serversOf(again)).toEqual([['gluster2']]);
    expect(again.candidates[1]?.reason).toBe(
      'gluster1 already holds gluster1:/bricks/b1/v of the same subvolume',
    );
  });
});

test.each([
  [{ allowTags: ['ssd'] }, ['gluster2', 'gluster3'], 'it has none of the tags that are allowed: ssd'],
  [{ excludeTags: ['old'] }, ['gluster2', 'gluster3'], 'it is tagged "old", which is excluded'],
])('tags %j choose the servers', (rules, expected, reason) => {
  const fast = { b1: {}, b2: { tags: ['ssd'], freePercent: 50 } };
  const servers = { gluster1: { b1: {}, b2: { tags: ['old'] } }, gluster2: fast, gluster3: fast };
  const placement = grow(
    { servers, volumes: { vol1: replica(2, 'gluster1:b1/v', 'gluster2:b1/v') } },
    1,
    rules,
  );
  expect(serversOf(placement)[0]?.sort()).toEqual(expected);
  expect(placement.candidates[1]).toMatchObject({ verdict: 'refused', reason });
});

test('servers that already share a subvolume are taken together, and it is told what that saves', () => {
  const spec: ClusterSpec = {
    servers: alikeServers(6, { b1: {}, b2: {}, b3: {} }),
    volumes: {
      vol1: replica(3, 'gluster1:b1/v', 'gluster3:b1/v', 'gluster5:b1/v'),
      vol2: replica(3, 'gluster2:b1/w', 'gluster4:b1/w', 'gluster6:b1/w'),
    },
  };
  const placement = grow(spec, 2);
  expect(serversOf(placement)).toEqual([
    ['gluster1', 'gluster3', 'gluster5'],
    ['gluster2', 'gluster4', 'gluster6'],
  ]);
  expect(placement).toMatchObject({
    copysets: { before: 2, after: 2 },
    scatterWidth: { before: 2, after: 2 },
  });
});

test('unlike disks are filled alike, in proportion to their size', () => {
  const servers = {
    gluster1: { b1: { sizeGiB: 400, freePercent: 100 } },
    gluster2: { b1: { freePercent: 100 } },
  };
  const { cluster, pool } = view({ servers, volumes: {} });
  const one = { members: 1, data: 1, arbiters: 0, dataBricks: 1 };
  const volumes = Array.from({ length: 20 }, (_, index) => ({
    ...newVolume(`new${index}`, { shape: one }),
    pool,
  }));
  const placed = placeVolumes({ cluster, reserved: [], minFreePercent: 0 }, volumes);
  expect(
    serversOf({ sets: placed.flatMap(({ sets }) => sets) }).filter(([name]) => name === 'gluster1'),
  ).toHaveLength(16);
});
