// Ceph's own placement, crushtool, on the same tree: straw2 buckets weighted by size, today's tunables, one replica in each
// failure domain. It is Debian's ceph-base, unpacked into the cache of this tree and not installed.
import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unpackDebianPackage } from '../../../packaging/debian-package.ts';

const run = promisify(execFile);

/** CRUSH hashes the ids of buckets: they must stay when a server is added, or all data would move. */
const rackIds = -2;
const hostIds = -10_000;
const cache = join(import.meta.dirname, '../../../.cache/debian/ceph-base');

/** Servers with the sizes of their disks in bytes, and the zone that each stands in, or null where none does. */
export interface Tree {
  readonly name: string;
  readonly servers: readonly { readonly zone: string | null; readonly disks: readonly number[] }[];
}

/** One disk of a server, both by index. */
export interface Place {
  readonly server: number;
  readonly disk: number;
}

export interface Mapping {
  /** The places of each input; fewer than three where crushtool found no more. */
  readonly sets: readonly Place[][];
  /** Of the mapping alone, the start of the program counted, ms. */
  readonly tookMs: number;
}

/** Where crushtool puts the inputs from `first` on, three replicas each. */
export async function mapByCrush(tree: Tree, first: number, inputs: number): Promise<Mapping> {
  const env = await crushEnvironment();
  const scratch = await mkdtemp(join(tmpdir(), 'mortar-crush-'));
  try {
    const text = join(scratch, 'map.txt');
    const map = join(scratch, 'map');
    await writeFile(text, mapOf(tree));
    const program = join(cache, 'usr/bin/crushtool');
    await run(program, ['-c', text, '-o', map], { env });
    const range = ['--min-x', String(first), '--max-x', String(first + inputs - 1)];
    const test = ['-i', map, '--test', '--show-mappings', '--rule', '0', '--num-rep', '3', ...range];
    const startedAt = performance.now();
    const { stdout } = await run(program, test, { env, maxBuffer: 64 * 1024 ** 2 });
    const tookMs = performance.now() - startedAt;
    return { sets: readMappings(stdout, placesOf(tree)), tookMs };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function crushEnvironment(): Promise<NodeJS.ProcessEnv> {
  const isThere = await access(join(cache, 'usr/bin/crushtool')).then(
    () => true,
    () => false,
  );
  if (!isThere) await unpackDebianPackage({ packageName: 'ceph-base', withLibraries: true }, cache);
  const files = await readdir(cache, { recursive: true, withFileTypes: true });
  const folders = new Set(
    files.filter(({ name }) => /\.so(\.|$)/.test(name)).map(({ parentPath }) => parentPath),
  );
  return { ...process.env, LD_LIBRARY_PATH: [...folders].join(':') };
}

function placesOf({ servers }: Tree): Place[] {
  return servers.flatMap(({ disks }, server) => disks.map((_, disk) => ({ server, disk })));
}

function readMappings(text: string, places: readonly Place[]): Place[][] {
  return [...text.matchAll(/^CRUSH rule 0 x \d+ \[([\d,]*)\]/gm)].map(([, list = '']) =>
    list.split(',').flatMap((id) => places[Number(id)] ?? []),
  );
}

/** The map in crushtool's own language. Weights are tens of TiB: Ceph's own TiB overflow on trees of 65,536 of them. */
function mapOf(tree: Tree): string {
  const { servers } = tree;
  const weightOf = (bytes: number): string => (bytes / 1024 ** 4 / 10).toFixed(5);
  const sizeOf = (disks: readonly number[]): number => disks.reduce((sum, size) => sum + size, 0);
  let device = 0;
  const bucketOf = (
    type: string,
    name: string,
    id: number,
    items: readonly { name: string; bytes: number }[],
  ): string => {
    const lines = items.map((item) => `  item ${item.name} weight ${weightOf(item.bytes)}`);
    return `${type} ${name} {\n  id ${id}\n  alg straw2\n  hash 0\n${lines.join('\n')}\n}`;
  };
  const hosts = servers.map(({ disks }, index) =>
    bucketOf(
      'host',
      `host${index}`,
      hostIds - index,
      disks.map((bytes) => ({ name: `osd.${device++}`, bytes })),
    ),
  );
  const zones = [...new Set(servers.map(({ zone }) => zone))];
  const isZoned = zones.every((zone) => zone !== null);
  const hostsIn = (zone: string | null) =>
    servers.flatMap(({ zone: own, disks }, index) =>
      own === zone ? [{ name: `host${index}`, bytes: sizeOf(disks) }] : [],
    );
  const racks = isZoned
    ? zones.map((zone, index) => bucketOf('rack', `${zone}`, rackIds - index, hostsIn(zone)))
    : [];
  const top = isZoned
    ? zones.map((zone) => ({
        name: `${zone}`,
        bytes: hostsIn(zone).reduce((sum, { bytes }) => sum + bytes, 0),
      }))
    : hostsIn(null);
  return [
    'tunable choose_local_tries 0',
    'tunable choose_local_fallback_tries 0',
    'tunable choose_total_tries 50',
    'tunable chooseleaf_descend_once 1',
    'tunable chooseleaf_vary_r 1',
    'tunable chooseleaf_stable 1',
    'tunable straw_calc_version 1',
    'tunable allowed_bucket_algs 54',
    ...placesOf(tree).map((_, index) => `device ${index} osd.${index}`),
    'type 0 osd\ntype 1 host\ntype 2 rack\ntype 3 root',
    ...hosts,
    ...racks,
    bucketOf('root', 'default', -1, top),
    `rule replicated {\n  id 0\n  type replicated\n  min_size 1\n  max_size 10\n  step take default\n  step chooseleaf firstn 0 type ${isZoned ? 'rack' : 'host'}\n  step emit\n}`,
    '',
  ].join('\n');
}
