// Law 3 as the judge reads it: no two members of a subvolume in one zone where zones suffice. It counts by the paths as they
// were reported and shares nothing with placement's tree, so that a mistake there is caught here.
import type { ServerName } from '../../../shared/model/names.ts';
import { brickSpec, type Cluster, serverNamed } from '../cluster.ts';
import { indexOf } from '../cluster-index.ts';

interface Member {
  readonly host: ServerName;
  readonly path: string;
}

/**
 * What is wrong with each set of `size` members, two of which share a zone although the servers of `pool` that offer slots
 * stand in `size` zones or more; empty when nothing is. Only the outermost level that suffices is asked: zones within
 * different zones differ.
 */
export function checkZones(
  sets: readonly (readonly Member[])[],
  size: number,
  cluster: Cluster,
  pool: ReadonlySet<string>,
): string[] {
  const { slots } = indexOf(cluster);
  const offering = cluster.servers.filter(({ name }) => pool.has(name) && slots.has(name));
  const deepest = Math.max(0, ...offering.map(({ zone }) => zone?.split('/').length ?? 0));
  for (let level = 1; level <= deepest && size > 1; level += 1) {
    const zones = new Set(offering.map(({ zone }) => cut(zone, level)));
    if (zones.size >= size) return sets.flatMap((set) => whyTogether(set, level, zones.size, cluster) ?? []);
  }
  return [];
}

function whyTogether(set: readonly Member[], level: number, zones: number, cluster: Cluster): string | null {
  const own = set.map(({ host }) => cut(serverNamed(cluster, host)?.zone ?? null, level));
  const twice = own.find((zone, index) => own.indexOf(zone) !== index);
  if (twice === undefined) return null;
  const name = twice.replace(/\/+$/, '');
  const where = name === '' ? 'on servers without a zone' : `in the zone ${name}`;
  return `two bricks of one subvolume are ${where}, and there are ${zones} zones: ${set.map(brickSpec).join(', ')}`;
}

/** The first `level` names of a zone's path; what is missing is a name of its own. */
function cut(zone: string | null, level: number): string {
  const names = zone === null ? [] : zone.split('/');
  const missing = Array.from({ length: Math.max(0, level - names.length) }, () => '');
  return [...names.slice(0, level), ...missing].join('/');
}
