// The zones above servers as paths of one common length. A server without a zone, or with fewer names than others, is in
// the zone without a name at the levels that it lacks.
import type { ClusterServer } from '../cluster.ts';

/** The names of a server's zones, outermost first; none when nobody said where it stands. */
export function zoneNames(server: Pick<ClusterServer, 'zone'>): string[] {
  return server.zone === null ? [] : server.zone.split('/');
}

/** How many levels of zones the deepest of `servers` has. */
export function zoneLevels(servers: readonly Pick<ClusterServer, 'zone'>[]): number {
  return servers.reduce((most, server) => Math.max(most, zoneNames(server).length), 0);
}

/**
 * The zone of a server at `level` (1 is the outermost) as the path down to there. Servers without a name at a level
 * count as being in one zone there: nobody knows that they are apart.
 */
export function zoneAt(server: Pick<ClusterServer, 'zone'>, level: number): string {
  const names = zoneNames(server);
  return Array.from({ length: level }, (_, index) => names[index] ?? '').join('/');
}
