// Where new subvolumes go: the hard rules each with its reason, the order of preference, and the directories' names.
import { describe, expect, test } from 'vitest';
import { type Placement, placeSubvolumes } from '../../../../coordinator/core/placement/place-bricks.ts';
import { viewCluster } from '../../../../coordinator/core/view-cluster.ts';
import {
  alikeServers,
  buildState,
  type ClusterSpec,
  type DiskSpec,
  morning,
  onServer,
  type StateSpec,
  seenValue,
  type VolumeSpec,
} from '../../../support/cluster-builder.ts';

const replica2: VolumeSpec = {
  kind: 'replicate',
  members: 2,
  bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1'],
};
const arbiter: VolumeSpec = {
  kind: 'arbiter',
  members: 3,
  bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1', 'gluster3:b1/vol1-1'],
};

function place(
  cluster: ClusterSpec,
  count = 1,
  spec: StateSpec = {},
  reserved: { server: string; mountPoint: string }[] = [],
): Placement {
  const view = viewCluster(buildState(cluster, spec), morning);
  const volume = view.volumes.find((candidate) => candidate.volume.name === 'vol1');
  if (volume === undefined) throw new Error('no volume');
  return placeSubvolumes({ cluster: view, volume, count, reserved, minFreePercent: 20 });
}

function setsOf(placement: Placement): string[][] {
  return placement.sets.map((set) =>
    set.bricks.map(({ server, path, isArbiter }) => `${server}:${path}${isArbiter ? ' (arbiter)' : ''}`),
  );
}

/** What is said of gluster2's second disk when it is as `disk` says. */
function verdictOn(disk: DiskSpec, spec: StateSpec = {}): string {
  const servers = { ...alikeServers(2, { b1: {}, b2: {} }), gluster2: { b1: {}, b2: disk } };
  const { candidates } = place({ servers, volumes: { vol1: replica2 } }, 1, spec);
  const found = candidates.find(({ server, slot }) => server === 'gluster2' && slot === '/bricks/b2');
  return `${found?.verdict}: ${found?.reason}`;
}

describe('a slot', () => {
  test.each<[string, DiskSpec, string]>([
    ['that is fine is chosen', {}, 'chosen: takes a brick of subvolume 2: 95 GiB free'],
    ['that is not mounted', { isMounted: false }, 'refused: nothing is mounted at /bricks/b2'],
    ['on the root filesystem', { isRoot: true }, 'refused: it lies on the root filesystem'],
    ['that is read-only', { isReadOnly: true }, 'refused: its filesystem is read-only'],
    ['that could not be read', { entries: null }, 'refused: what already lies in it could not be read'],
    [
      'with so many entries that not all are told',
      { entries: Array.from({ length: 1000 }, (_, index) => `file-${index}`) },
      'refused: it holds 1000 entries or more, so that no free name can be told',
    ],
    [
      'with less than the level free',
      { freePercent: 19.95 },
      'refused: it has only 19.9 % free, below the level of 20 %',
    ],
    [
      'of less than half of the smallest data brick',
      { sizeGiB: 49 },
      'refused: its filesystem has 49 GiB, but the smallest data brick of vol1 has 100 GiB, and a new one needs at least half of that',
    ],
    [
      'of half of the smallest data brick is chosen',
      { sizeGiB: 50 },
      'chosen: takes a brick of subvolume 2: 48 GiB free',
    ],
    [
      'on the filesystem of a brick of the volume',
      { sameAs: 'b1' },
      'refused: its filesystem already holds the brick /bricks/b1/vol1-1 of vol1',
    ],
  ])('%s', (_, disk, verdict) => {
    expect(verdictOn(disk)).toBe(verdict);
  });

  test('of a silent server is refused', () => {
    expect(verdictOn({}, { silentMs: { gluster2: 11_000 } })).toBe('refused: gluster2 is silent');
  });

  test.each([
    ['that a peer does not see', 'gluster1', 'gluster2'],
    ['that does not see a peer', 'gluster2', 'gluster1'],
  ])('of a server %s is refused', (_, observer, observed) => {
    const change = onServer(observer, ({ gluster }) => ({
      gluster: {
        kind: 'seen',
        seenAt: morning,
        value: {
          ...seenValue(gluster),
          peers: seenValue(gluster).peers.map((peer) => ({ ...peer, isConnected: false })),
        },
      },
    }));
    expect(verdictOn({}, { change })).toBe(`refused: ${observer} sees ${observed} as disconnected`);
  });

  test('of a server outside of the pool is refused', () => {
    const change = (report: Parameters<NonNullable<StateSpec['change']>>[0]) => {
      const alone = onServer('gluster3', ({ gluster }) => ({
        gluster: { kind: 'seen', seenAt: morning, value: { ...seenValue(gluster), peers: [], volumes: [] } },
      }));
      const without = ({ gluster }: typeof report.sections) => ({
        gluster: {
          kind: 'seen' as const,
          seenAt: morning,
          value: {
            ...seenValue(gluster),
            peers: seenValue(gluster).peers.filter((peer) => peer.hostNames[0] !== 'gluster3'),
          },
        },
      });
      return alone(onServer('gluster1', without)(onServer('gluster2', without)(report)));
    };
    const { candidates } = place(
      { servers: alikeServers(3, { b1: {}, b2: {} }), volumes: { vol1: replica2 } },
      1,
      { change },
    );
    expect(candidates.at(-1)).toMatchObject({ verdict: 'refused', reason: 'gluster3 is not in the pool' });
  });

  test('that a plan in flight will use is refused', () => {
    const cluster = { servers: alikeServers(2, { b1: {}, b2: {} }), volumes: { vol1: replica2 } };
    const { candidates, sets } = place(cluster, 1, {}, [{ server: 'gluster2', mountPoint: '/bricks/b2' }]);
    expect(sets).toEqual([]);
    expect(candidates.at(-1)?.reason).toBe('a plan in flight will put a brick on its filesystem');
  });

  test('that holds bricks of another volume may be used', () => {
    const cluster: ClusterSpec = {
      servers: alikeServers(2, { b1: {}, b2: {} }),
      volumes: { vol1: replica2, vol2: { kind: 'distribute', bricks: ['gluster1:b2/vol2-1'] } },
    };
    expect(setsOf(place(cluster))).toEqual([['gluster1:/bricks/b2/vol1-2', 'gluster2:/bricks/b2/vol1-2']]);
  });
});

describe('a subvolume', () => {
  test('takes the servers with the most free bytes', () => {
    const servers = {
      ...alikeServers(2, { b1: {} }),
      gluster3: { b2: { freePercent: 60 } },
      gluster4: { b2: { freePercent: 80 } },
      gluster5: { b2: { freePercent: 70 } },
    };
    expect(setsOf(place({ servers, volumes: { vol1: replica2 } }))).toEqual([
      ['gluster4:/bricks/b2/vol1-2', 'gluster5:/bricks/b2/vol1-2'],
    ]);
  });

  test('takes the first names among equals', () => {
    const servers = alikeServers(4, { b1: {}, b2: {}, b3: {} });
    expect(setsOf(place({ servers, volumes: { vol1: replica2 } }))).toEqual([
      ['gluster1:/bricks/b2/vol1-2', 'gluster2:/bricks/b2/vol1-2'],
    ]);
  });

  test('is never on one server twice, however many slots that one has', () => {
    const servers = { gluster1: { b1: {}, b2: {}, b3: {} }, gluster2: { b1: {} } };
    const { sets, missing } = place({ servers, volumes: { vol1: replica2 } });
    expect(sets).toEqual([]);
    expect(missing).toBe(
      'a new subvolume of vol1 needs 2 different servers with a usable slot each, and only gluster1 has one',
    );
  });

  test('is as large as its smallest member', () => {
    const servers = { gluster1: { b1: {}, b2: { sizeGiB: 200 } }, gluster2: { b1: {}, b2: { sizeGiB: 60 } } };
    expect(place({ servers, volumes: { vol1: replica2 } }).sets[0]).toMatchObject({
      sizeBytes: 60 * 1024 ** 3,
      freeBytes: 57 * 1024 ** 3,
    });
  });

  test('has one name for its bricks, which is the next number that is free on each slot', () => {
    const servers = {
      gluster1: { b1: {}, b2: { entries: ['vol1-2', 'vol1-3', 'lost+found'] } },
      gluster2: { b1: {}, b2: {} },
    };
    expect(setsOf(place({ servers, volumes: { vol1: replica2 } }))).toEqual([
      ['gluster1:/bricks/b2/vol1-4', 'gluster2:/bricks/b2/vol1-2'],
    ]);
  });
});

describe('several subvolumes', () => {
  test('take what the ones before them left', () => {
    const servers = alikeServers(2, { b1: {}, b2: {}, b3: {} });
    const placement = place({ servers, volumes: { vol1: replica2 } }, 3);
    expect(setsOf(placement)).toEqual([
      ['gluster1:/bricks/b2/vol1-2', 'gluster2:/bricks/b2/vol1-2'],
      ['gluster1:/bricks/b3/vol1-3', 'gluster2:/bricks/b3/vol1-3'],
    ]);
    expect(placement.missing).toBe(
      'a further subvolume of vol1 needs 2 different servers with a usable slot each, and none has one left',
    );
  });

  test('do not use up a server that the next one needs', () => {
    // The two roomiest slots are on servers with one each; taking them first would leave two slots on one server.
    const servers = {
      gluster1: { b1: {}, b2: { freePercent: 60 }, b3: { freePercent: 60 } },
      gluster2: { b1: {}, b2: {} },
      gluster3: { b2: {} },
    };
    expect(setsOf(place({ servers, volumes: { vol1: replica2 } }, 2))).toEqual([
      ['gluster1:/bricks/b2/vol1-2', 'gluster2:/bricks/b2/vol1-2'],
      ['gluster1:/bricks/b3/vol1-3', 'gluster3:/bricks/b2/vol1-3'],
    ]);
  });
});

describe('an arbiter', () => {
  test('is last, and on the smallest slot', () => {
    const servers = {
      gluster1: { b1: {}, b2: {} },
      gluster2: { b1: {}, b2: { sizeGiB: 70 } },
      gluster3: { b1: {}, b2: {} },
    };
    expect(setsOf(place({ servers, volumes: { vol1: arbiter } }))).toEqual([
      ['gluster1:/bricks/b2/vol1-2', 'gluster3:/bricks/b2/vol1-2', 'gluster2:/bricks/b2/vol1-2 (arbiter)'],
    ]);
  });

  test('takes a slot that is too small for data rather than one that could hold some', () => {
    const servers = {
      gluster1: { b1: {}, b2: {}, b3: { sizeGiB: 2 } },
      gluster2: { b1: {}, b2: { freePercent: 60 } },
      gluster3: { b1: {}, b2: { freePercent: 60 } },
    };
    const placement = place({ servers, volumes: { vol1: arbiter } });
    expect(setsOf(placement)).toEqual([
      ['gluster2:/bricks/b2/vol1-2', 'gluster3:/bricks/b2/vol1-2', 'gluster1:/bricks/b3/vol1-2 (arbiter)'],
    ]);
    expect(placement.candidates.find(({ verdict }) => verdict === 'possible')).toMatchObject({
      server: 'gluster1',
      slot: '/bricks/b2',
      reason: '95 GiB free, but not needed for this growth',
    });
  });

  test('needs a hundredth of a data brick', () => {
    const withSmall = (sizeGiB: number): ClusterSpec => ({
      servers: {
        gluster1: { b1: {}, b2: {} },
        gluster2: { b1: {}, b2: {} },
        gluster3: { b1: {}, b2: { sizeGiB } },
      },
      volumes: { vol1: arbiter },
    });
    expect(place(withSmall(1)).sets).toHaveLength(1);
    expect(place(withSmall(0.9)).missing).toBe(
      'a new subvolume of vol1 needs 2 servers with a usable slot for data and 1 more for the arbiter, and only gluster1 and gluster2 have one',
    );
  });
});

test('a dispersed subvolume takes as many servers as it has members', () => {
  const bricks = [1, 2, 3, 4, 5, 6].map((n) => `gluster${n}:b1/vol1-1`);
  const cluster: ClusterSpec = {
    servers: alikeServers(6, { b1: {}, b2: {} }),
    volumes: { vol1: { kind: 'disperse', members: 6, redundancy: 2, bricks } },
  };
  const { sets } = place(cluster);
  expect(sets[0]?.bricks.map((brick) => brick.server)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `gluster${n}`));
  expect(sets[0]?.sizeBytes).toBe(400 * 1024 ** 3);
});
