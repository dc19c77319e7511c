// Random clusters for property tests: servers with unlike disks, some of them unusable, and one volume of any shape whose
// bricks keep the laws already. Everything shrinks to fewer servers and fewer disks.
import fc from 'fast-check';
import { bricksOf } from '../../coordinator/core/cluster.ts';
import type { State } from '../../coordinator/core/state.ts';
import { viewCluster } from '../../coordinator/core/view-cluster.ts';
import type { Order } from '../../shared/model/order.ts';
import { subvolumesOf } from '../../shared/model/volume.ts';
import type { ClusterSpec, DiskSpec, VolumeSpec } from './cluster-builder.ts';

type Shape = Pick<VolumeSpec, 'kind' | 'members' | 'redundancy'> & { members: number };

const shapes: Shape[] = [
  { kind: 'distribute', members: 1 },
  { kind: 'replicate', members: 2 },
  { kind: 'replicate', members: 3 },
  { kind: 'arbiter', members: 3 },
  { kind: 'disperse', members: 3, redundancy: 1 },
  { kind: 'disperse', members: 6, redundancy: 2 },
];

const emptyDisk: fc.Arbitrary<DiskSpec> = fc.record(
  {
    sizeGiB: fc.constantFrom(1, 2, 49, 50, 51, 100, 200, 1000),
    freePercent: fc.constantFrom(0, 19, 20, 50, 95, 100),
    isMounted: fc.constantFrom(true, true, true, true, false),
    isReadOnly: fc.constantFrom(false, false, false, false, true),
    isRoot: fc.constantFrom(false, false, false, false, false, true),
    entries: fc.constantFrom([], [], ['vol1-2'], ['vol1-2', 'vol1-3'], ['lost+found'], null),
  },
  { requiredKeys: [] },
);

/** A cluster with a volume `vol1`, each of whose subvolumes has its first brick on another server's disk `data<n>`. */
export const arbitraryCluster: fc.Arbitrary<ClusterSpec> = fc
  .record({
    shape: fc.constantFrom(...shapes),
    subvolumes: fc.integer({ min: 1, max: 3 }),
    extraServers: fc.integer({ min: 0, max: 4 }),
    free: fc.array(fc.constantFrom(1, 4, 10, 19, 21, 39, 41, 90), { minLength: 18, maxLength: 18 }),
    disks: fc.array(fc.array(emptyDisk, { maxLength: 4 }), { minLength: 10, maxLength: 10 }),
    sharing: fc.constantFrom(0, 0, 0, 1),
  })
  .map(({ shape, subvolumes, extraServers, free, disks, sharing }) => {
    const count = Math.max(shape.members, 1) + extraServers;
    const servers: ClusterSpec['servers'] = {};
    for (let index = 0; index < count; index += 1) {
      servers[`gluster${index + 1}`] = Object.fromEntries(
        (disks[index] ?? []).map((disk, position) => [
          `d${position}`,
          position > 0 && sharing === 1 ? { ...disk, sameAs: 'd0' } : disk,
        ]),
      );
    }
    const bricks: string[] = [];
    for (let set = 0; set < subvolumes; set += 1) {
      for (let member = 0; member < shape.members; member += 1) {
        const server = `gluster${((set + member) % count) + 1}`;
        const disk = `data${set}`;
        servers[server] = {
          ...servers[server],
          [disk]: { freePercent: free[set * 6 + member] ?? 50 },
        };
        bricks.push(`${server}:${disk}/vol1-${set + 1}`);
      }
    }
    return { servers, volumes: { vol1: { ...shape, bricks } } };
  });

/** The same state with every map filled, and every list written, in another order. */
export function shuffled(state: State, seed: number): State {
  let current = seed;
  const next = (): number => {
    current = (current * 1_103_515_245 + 12_345) % 2_147_483_648;
    return current / 2_147_483_648;
  };
  const mix = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, key: next() }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  const mixMap = <K, V>(map: ReadonlyMap<K, V>): Map<K, V> => new Map(mix([...map]));
  const servers = mix([...state.servers.values()]).map((server) => {
    const { sections } = server.report;
    const gluster =
      sections.gluster.kind === 'seen'
        ? {
            ...sections.gluster,
            value: {
              ...sections.gluster.value,
              peers: mix(sections.gluster.value.peers),
              volumes: mix(sections.gluster.value.volumes),
            },
          }
        : sections.gluster;
    const mixed = {
      ...sections,
      gluster,
      filesystems: mixSection(sections.filesystems, mix),
      slots: mixSection(sections.slots, mix),
      bricks: mixSection(sections.bricks, mix),
      names: mixSection(sections.names, mix),
    };
    return { ...server, report: { ...server.report, sections: mixed } };
  });
  return {
    ...state,
    servers: new Map(servers.map((server) => [server.name, server])),
    policies: mixMap(state.policies),
    plans: mixMap(state.plans),
    outcomes: mixMap(state.outcomes),
    crossedSince: mixMap(state.crossedSince),
    emergencySince: mixMap(state.emergencySince),
  };
}

function mixSection<T extends { kind: 'seen'; value: unknown[] } | { kind: 'failed' }>(
  section: T,
  mix: <V>(items: readonly V[]) => V[],
): T {
  return section.kind === 'seen' ? { ...section, value: mix(section.value) } : section;
}

/** How the volumes of a state break law 3, told without any of the core's own checks but its view of the reports. */
export function brokenSets(state: State, now: number): string[] {
  const cluster = viewCluster(state, now);
  return cluster.volumes.flatMap((volume) => {
    const sets = subvolumesOf(volume.volume);
    const doubled = sets.filter((set) => new Set(set.map((brick) => brick.host)).size < set.length);
    const places = bricksOf(volume).map(
      ({ brick, filesystem }) => `${brick.host} ${filesystem?.deviceNumber ?? brick.path}`,
    );
    const shared = places.filter((place, index) => places.indexOf(place) !== index);
    const odd = sets.flat().length === volume.volume.bricks.length ? [] : ['an incomplete subvolume'];
    return [...doubled.map((set) => `two on one server: ${JSON.stringify(set)}`), ...shared, ...odd];
  });
}

/** The attempts of each step's orders, as text, in the order in which they were given. */
export function stepsOrdered(orders: readonly Order[]): string[] {
  return orders.map((order) => `${order.stepIndex} ${order.step.kind}`);
}
