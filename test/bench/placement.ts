// Mortar's placement against Ceph's crushtool on the same trees in the same run: replica 3, as many sets of one size as fill
// six tenths of the disks. A fill is the bytes that were placed over the size. CRUSH places by hashing alone, without a table
// of what lies where; it evens out with many small placement groups, or with Ceph's balancer on top, and neither is what
// bricks are: some ten large ones on a disk, which stay where they are. So it moves data when a server is added, and
// leaves the tree even again, while a tree of bricks stays uneven until the new server has been filled.

import { placeSubvolumes, placeVolumes } from '../../coordinator/core/placement/place-bricks.ts';
import type { NewVolume } from '../../coordinator/core/placement/want.ts';
import { previewGrowth } from '../../coordinator/core/preview-growth.ts';
import { viewCluster } from '../../coordinator/core/view-cluster.ts';
import type { VolumeName } from '../../shared/model/names.ts';
import { largeNow, largeState, tebibyte } from '../support/large-cluster.ts';
import { createPoolMembers } from '../support/pool-members.ts';
import type { Bench, BenchRow } from './bench.ts';
import { mapByCrush, type Place, type Tree } from './placement/crush.ts';

const runs = 3;
const growthsPerRun = 5;
const uncounted = 3;
const setsPerTree = 400;
const share = 0.6;

const shape = { members: 3, data: 3, arbiters: 0, dataBricks: 1 };

function treeOf(name: string, count: number, racks: number, disks: (server: number) => number[]): Tree {
  const servers = Array.from({ length: count }, (_, index) => ({
    zone: racks === 0 ? null : `rack${index % racks}`,
    disks: disks(index).map((size) => size * tebibyte),
  }));
  return { name, servers };
}

const unlike = [
  [4, 4, 8, 8],
  [16, 16],
  [8, 8, 8, 8, 8, 8],
  [4, 10, 16],
];
const trees = [
  treeOf('30 servers, equal disks', 30, 0, () => [10, 10, 10, 10]),
  treeOf('30 servers, unlike disks', 30, 0, (server) => unlike[server % 4] ?? []),
  treeOf('60 servers in 6 racks, unlike disks', 60, 6, (server) => unlike[(server >> 1) % 4] ?? []),
];

export const placement: Bench = {
  name: 'placement',
  question: 'How evenly, how completely and how fast are bricks placed, beside CRUSH on the same tree?',
  async run(say) {
    const rows: BenchRow[] = [];
    for (const tree of trees) {
      say(`  ${tree.name}`);
      rows.push(...(await compare(tree)));
    }
    say('  1000 servers of 24 slots, 500 volumes');
    return [...rows, ...(await measureLarge())];
  },
};

interface Result {
  most: number[];
  deviation: number[];
  failed: number[];
  moved: number[];
  tookMs: number[];
}

async function compare(tree: Tree): Promise<BenchRow[]> {
  const ours: Result = { most: [], deviation: [], failed: [], moved: [], tookMs: [] };
  const crush: Result = { most: [], deviation: [], failed: [], moved: [], tookMs: [] };
  const larger: Tree = { ...tree, servers: [...tree.servers, ...tree.servers.slice(0, 1)] };
  const setBytes = Math.floor((totalOf(tree) * share) / setsPerTree / 3);
  for (let run = 0; run < runs; run += 1) {
    const first = run * setsPerTree;
    const { sets, tookMs } = await mapByCrush(tree, first, setsPerTree);
    const after = await mapByCrush(larger, first, setsPerTree);
    judge(crush, tree, sets, setBytes, tookMs);
    crush.moved.push((100 * countMoved(sets, after.sets)) / (3 * setsPerTree));
    const own = placeByMortar(tree, setBytes);
    judge(ours, tree, own.sets, setBytes, own.tookMs);
    // A brick stays where it is until somebody asks for another place; what comes next goes to the new server.
    ours.moved.push(0);
  }
  const row = (what: string, unit: string, key: keyof Result, goal: string | null): BenchRow => ({
    what: `${tree.name}: ${what}`,
    samples: { unit, values: ours[key] },
    besides: { what: 'crushtool', samples: { unit, values: crush[key] } },
    goal: goal === null ? null : { sentence: goal, isMet: medianOf(ours[key]) <= medianOf(crush[key]) },
  });
  return [
    row('fill of the fullest server', '%', 'most', 'no fuller than by CRUSH'),
    row('standard deviation over servers', 'points', 'deviation', 'no more uneven than by CRUSH'),
    row('sets that could not be placed or do not fit', 'sets', 'failed', 'no more than by CRUSH'),
    row('bytes that move when a server is added', '% of all', 'moved', null),
    row(`${setsPerTree} sets`, 'ms', 'tookMs', null),
  ];
}

function judge(result: Result, tree: Tree, sets: readonly Place[][], bytes: number, tookMs: number): void {
  const used = tree.servers.map(({ disks }) => disks.map(() => 0));
  let failed = setsPerTree - sets.length;
  for (const set of sets) {
    let isWhole = set.length === 3;
    for (const { server, disk } of set) {
      const disks = used[server] ?? [];
      disks[disk] = (disks[disk] ?? 0) + bytes;
      if ((disks[disk] ?? 0) > (tree.servers[server]?.disks[disk] ?? 0)) isWhole = false;
    }
    if (!isWhole) failed += 1;
  }
  const fills = tree.servers.map(({ disks }, server) => (100 * sum(used[server] ?? [])) / sum(disks));
  const mean = sum(fills) / fills.length;
  result.most.push(Math.max(...fills));
  result.deviation.push(Math.sqrt(sum(fills.map((fill) => (fill - mean) ** 2)) / fills.length));
  result.failed.push(failed);
  result.tookMs.push(tookMs);
}

function placeByMortar(tree: Tree, setBytes: number): { sets: Place[][]; tookMs: number } {
  const state = largeState({
    zones: tree.servers.map(({ zone }) => zone),
    disksOf: (server) => tree.servers[server]?.disks ?? [],
    ...{ volumes: 0, subvolumes: 0, freePercent: 100 },
  });
  const cluster = viewCluster(state, largeNow);
  const startedAt = performance.now();
  const placed = placeVolumes(
    { cluster, reserved: [], minFreePercent: 0 },
    newVolumes(cluster, setsPerTree, setBytes),
  );
  const tookMs = performance.now() - startedAt;
  const sets = placed.flatMap((one) =>
    one.sets.map((set) =>
      set.bricks.map(({ server, slot }) => ({
        server: Number(server.slice('server'.length)),
        disk: Number(slot.slot.path.slice('/bricks/b'.length)),
      })),
    ),
  );
  return { sets, tookMs };
}

function newVolumes(cluster: ReturnType<typeof viewCluster>, count: number, sizeBytes: number): NewVolume[] {
  const pool = createPoolMembers(cluster);
  return Array.from({ length: count }, (_, index) => ({
    ...{ name: `new${index}` as VolumeName, shape, sizeBytes, subvolumes: 1, pool },
  }));
}

async function measureLarge(): Promise<BenchRow[]> {
  const tree = treeOf('', 1000, 40, () => Array.from({ length: 24 }, () => 10));
  const state = largeState({
    zones: tree.servers.map(({ zone }) => zone),
    disksOf: (server) => tree.servers[server]?.disks ?? [],
    ...{ volumes: 500, subvolumes: 12, freePercent: 30 },
  });
  const growths: number[] = [];
  const previews: number[] = [];
  const placements: number[] = [];
  const byCrush: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const cluster = viewCluster(state, largeNow);
    // The first few are not counted: an activation has looked at the cluster for others when it comes to this volume.
    for (const [index, volume] of cluster.volumes.slice(0, uncounted + growthsPerRun).entries()) {
      const input = { cluster, volume, reserved: [], minFreePercent: 20, count: 1 };
      const tookMs = timed(() => placeSubvolumes(input));
      if (index >= uncounted) growths.push(tookMs);
    }
    previews.push(timed(() => previewGrowth(state, 'vol7' as VolumeName, largeNow)));
    const volumes = newVolumes(cluster, 1000, tebibyte / 10);
    placements.push(timed(() => placeVolumes({ cluster, reserved: [], minFreePercent: 20 }, volumes)));
    byCrush.push((await mapByCrush(tree, run * 1000, 1000)).tookMs);
  }
  return [
    {
      what: '1000 servers × 24 slots, 500 volumes: one growth placed, with every candidate',
      samples: { unit: 'ms', values: growths },
      besides: { what: 'the whole preview, from the reports on', samples: { unit: 'ms', values: previews } },
      goal: { sentence: 'within 50 ms', isMet: medianOf(growths) <= 50 },
    },
    {
      what: '1000 servers × 24 slots, 500 volumes: 1000 placements',
      samples: { unit: 'ms', values: placements },
      besides: { what: 'crushtool', samples: { unit: 'ms', values: byCrush } },
      goal: { sentence: 'within 2 s', isMet: medianOf(placements) <= 2000 },
    },
  ];
}

function timed(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

/** Replicas that are on another disk than before, as each input's sets differ. */
function countMoved(before: readonly Place[][], after: readonly Place[][]): number {
  const keyOf = ({ server, disk }: Place): string => `${server} ${disk}`;
  return before.reduce((moved, set, index) => {
    const now = new Set((after[index] ?? []).map(keyOf));
    return moved + set.filter((place) => !now.has(keyOf(place))).length;
  }, 0);
}

function totalOf({ servers }: Tree): number {
  return sum(servers.flatMap(({ disks }) => disks));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
