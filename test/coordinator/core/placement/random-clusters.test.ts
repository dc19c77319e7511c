// Placement over thousands of random clusters of 1 to 300 servers: law 3 with zones, as many sets as there can be, the
// same answer for shuffled input. MORTAR_PLACEMENT_RUNS sets how many clusters each property sees (by default as many as
// take a second or two).
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { poolOf } from '../../../../coordinator/core/membership/pool.ts';
import { placeSubvolumes, placeVolume } from '../../../../coordinator/core/placement/place-bricks.ts';
import type { Reservation } from '../../../../coordinator/core/placement/reservations.ts';
import { viewCluster } from '../../../../coordinator/core/view-cluster.ts';
import { canonicalJson } from '../../../../shared/lib/canonical-json.ts';
import type { VolumeName } from '../../../../shared/model/names.ts';
import { shuffled } from '../../../support/arbitrary-cluster.ts';
import { GiB } from '../../../support/cluster-builder.ts';
import { type LargeSpec, largeNow, largeState, serverName } from '../../../support/large-cluster.ts';
import { createPoolMembers } from '../../../support/pool-members.ts';

const runs = Number(process.env.MORTAR_PLACEMENT_RUNS ?? 1500);

/** Mostly small, since what goes wrong does so with few servers; now and then hundreds. */
const count = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 5, arbitrary: fc.integer({ min: 10, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 41, max: 300 }) },
);

interface Case {
  spec: LargeSpec;
  members: number;
  subvolumes: number;
  reserved: Reservation[];
}

const clusters: fc.Arbitrary<Case> = fc
  .record({
    servers: count,
    zones: fc.array(fc.constantFrom(null, 'dc1', 'dc1/r1', 'dc1/r2', 'dc2/r1', 'dc2/r2', 'dc3'), {
      minLength: 7,
      maxLength: 7,
    }),
    isZoned: fc.boolean(),
    disks: fc.array(fc.array(fc.constantFrom(10, 50, 100, 400), { maxLength: 3 }), {
      minLength: 5,
      maxLength: 5,
    }),
    members: fc.integer({ min: 1, max: 5 }),
    subvolumes: fc.integer({ min: 1, max: 7 }),
    freePercent: fc.constantFrom(30, 60, 100),
    promised: fc.array(fc.nat({ max: 300 }), { maxLength: 3 }),
  })
  .map(({ servers, zones, isZoned, disks, members, subvolumes, freePercent, promised }) => ({
    spec: {
      zones: Array.from({ length: servers }, (_, index) => (isZoned ? (zones[index % 7] ?? null) : null)),
      disksOf: (server) => (disks[server % 5] ?? []).map((size) => size * GiB),
      ...{ volumes: 0, subvolumes: 0, freePercent },
    },
    members,
    subvolumes,
    reserved: promised.map((server) => ({
      ...{ server: serverName(server % servers), mountPoint: '/bricks/b0', volume: 'other', bytes: GiB },
    })),
  }));

function place({ spec, members, subvolumes, reserved }: Case, state = largeState(spec)) {
  const cluster = viewCluster(state, largeNow);
  const pool = createPoolMembers(cluster);
  const shape = { members, data: members, arbiters: 0, dataBricks: 1 };
  const placement = placeVolume(
    { cluster, reserved, minFreePercent: 20 },
    { name: 'new' as VolumeName, shape, sizeBytes: subvolumes * GiB, subvolumes, pool },
  );
  return { cluster, placement };
}

/** The zones of law 3, told by counting paths: the outermost length at which there are enough. */
function partsOf(cluster: ReturnType<typeof viewCluster>, members: number): (server: string) => string {
  const zoneOf = new Map<string, string[]>(
    cluster.servers.map(({ name, zone }) => [name, [...(zone?.split('/') ?? []), '', ''].slice(0, 2)]),
  );
  const offering = [...new Set(cluster.slots.map(({ server }) => server))];
  for (const length of [1, 2]) {
    const part = (server: string): string => zoneOf.get(server)?.slice(0, length).join('/') ?? '';
    if (members > 1 && new Set(offering.map(part)).size >= members) return part;
  }
  return (server) => server;
}

test('every set keeps law 3 with zones, no filesystem is used twice, and each brick fits', () => {
  let placed = 0;
  fc.assert(
    fc.property(clusters, (one) => {
      const { cluster, placement } = place(one);
      const part = partsOf(cluster, one.members);
      const bricks = placement.sets.flatMap((set) => set.bricks);
      placed += bricks.length;
      for (const set of placement.sets) {
        expect(set.bricks).toHaveLength(one.members);
        expect(new Set(set.bricks.map(({ server }) => part(server))).size).toBe(one.members);
        expect(new Set(set.bricks.map(({ server }) => server)).size).toBe(one.members);
      }
      const places = bricks.map(({ slot }) => `${slot.server} ${slot.filesystem?.deviceNumber}`);
      expect(new Set(places).size).toBe(places.length);
      for (const { slot } of bricks) {
        const { freeBytes = 0, sizeBytes = 1 } = slot.filesystem ?? {};
        expect((freeBytes - GiB) / sizeBytes).toBeGreaterThanOrEqual(0.2);
      }
      expect(placement.candidates).toHaveLength(cluster.slots.length);
      expect(placement.missing === null).toBe(placement.sets.length === one.subvolumes);
    }),
    { numRuns: runs },
  );
  expect(placed).toBeGreaterThan(runs);
});

test('there is never "no space" with space left: as many sets as there can be', () => {
  fc.assert(
    fc.property(clusters, (one) => {
      const { cluster, placement } = place(one);
      const part = partsOf(cluster, one.members);
      const rooms = new Map<string, number>();
      for (const { server, verdict } of placement.candidates) {
        if (verdict !== 'refused') rooms.set(part(server), (rooms.get(part(server)) ?? 0) + 1);
      }
      const hasRoom = (sets: number): boolean =>
        [...rooms.values()].reduce((sum, slots) => sum + Math.min(slots, sets), 0) >= one.members * sets;
      let most = one.subvolumes;
      while (most > 0 && !hasRoom(most)) most -= 1;
      expect(placement.sets).toHaveLength(most);
    }),
    { numRuns: runs },
  );
});

test('shuffled input gives the same bytes, for new volumes and for growth', () => {
  fc.assert(
    fc.property(clusters, fc.integer({ min: 1, max: 1_000_000 }), (one, seed) => {
      const isGrowable =
        one.spec.zones.length >= 3 && one.spec.zones.every((_, index) => one.spec.disksOf(index).length > 0);
      const spec = { ...one.spec, volumes: isGrowable ? 2 : 0, subvolumes: 1 };
      const tell = (state: ReturnType<typeof largeState>): string => {
        const { cluster, placement } = place(one, state);
        const growths = cluster.volumes.map((volume) =>
          placeSubvolumes({ cluster, volume, count: 2, reserved: one.reserved, minFreePercent: 20 }),
        );
        return canonicalJson(
          [placement, ...growths].map(({ sets, ...rest }) => ({
            ...rest,
            sets: sets.map((set) => set.bricks.map(({ server, path }) => `${server}:${path}`)),
          })),
        );
      };
      const state = largeState(spec);
      expect(tell(shuffled(state, seed))).toBe(tell(state));
    }),
    { numRuns: Math.ceil(runs / 3) },
  );
});

test('a pool of three hundred is one pool', () => {
  const state = largeState({
    zones: Array.from({ length: 300 }, () => null),
    disksOf: () => [GiB],
    ...{ volumes: 1, subvolumes: 1, freePercent: 50 },
  });
  const cluster = viewCluster(state, largeNow);
  const [volume] = cluster.volumes;
  expect(volume && poolOf(cluster, volume)).toHaveLength(300);
});
