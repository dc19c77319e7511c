// The gates: what must be true before a volume's topology is changed. Each is a named pure check with one sentence; all
// of them are asked, so that an operator sees everything that stands in the way at once. What is unknown closes a gate.
// The sentences carry no ages or counters that move by themselves, so that a waiting volume does not look busy.
import type { PlanRecord } from '../../../shared/model/plan.ts';
import { brickSpec, bricksOf, type Cluster, type ClusterBrick, type ClusterVolume } from '../cluster.ts';
import { findDisconnected, poolOf } from '../membership/pool.ts';
import { freshWords } from '../view-volumes.ts';
import { listed } from '../wording.ts';

export interface GateInput {
  readonly cluster: Cluster;
  readonly volume: ClusterVolume;
  /** Plans that are being carried out now, of any volume of the pool. */
  readonly running: readonly PlanRecord[];
}

/** Why the gate is closed, in one sentence; null when it is open. */
type Gate = (input: GateInput) => string | null;

/**
 * Entries in a dispersed brick's heal index that may be there without anything to heal: a file that is being written is
 * marked dirty in the same index until a second after its last write, on all members alike (a replica keeps such marks
 * apart). 64 is many files written at once, and far fewer than an outage of a member under load leaves behind.
 */
const dispersedWritesInFlight = 64;

export const gates = {
  'volume-started': ({ volume: { volume } }) =>
    volume.status === 'started' ? null : `${volume.name} is not started (it is ${volume.status})`,

  'servers-fresh': ({ cluster, volume }) => {
    const silent = poolOf(cluster, volume).filter((member) => member.server?.isFresh !== true);
    const homeless = bricksOf(volume).filter((member) => member.server === null);
    if (silent.length > 0) return `nothing fresh is known of ${listed(silent.map((member) => member.name))}`;
    if (homeless.length > 0) return `no agent reports from the server of ${specs(homeless)}`;
    return null;
  },

  'peers-connected': ({ cluster, volume }) => {
    const problems = new Set(findDisconnected(poolOf(cluster, volume)).values());
    return problems.size === 0 ? null : listed([...problems]);
  },

  'same-op-version': ({ cluster, volume }) => {
    const servers = poolOf(cluster, volume).flatMap((member) => member.server?.gluster ?? []);
    const versions = [...new Set(servers.map((gluster) => gluster.opVersion))].sort((a, b) => a - b);
    return versions.length < 2
      ? null
      : `the servers run different op-versions: ${listed(versions.map(String))}`;
  },

  'volume-consistent': ({ volume }) =>
    volume.isConsistent
      ? null
      : `the servers do not all show the same configuration of ${volume.volume.name}`,

  'bricks-up': ({ volume }) => {
    // The other gate says it already, and these bricks are down because they should be.
    if (volume.volume.status !== 'started') return null;
    const down = bricksOf(volume).filter((member) => member.isUp === false);
    const unknown = bricksOf(volume).filter((member) => member.isUp === null);
    if (down.length > 0) return `${specs(down)} ${down.length === 1 ? 'is' : 'are'} down`;
    return unknown.length === 0 ? null : `it is not known whether ${specs(unknown)} is up`;
  },

  'brick-filesystems-mounted': ({ volume }) => {
    const lost = bricksOf(volume).filter((member) => member.filesystem === null);
    const readOnly = bricksOf(volume).filter((member) => member.filesystem?.isReadOnly === true);
    if (lost.length > 0) return `the filesystem of ${specs(lost)} is not seen mounted`;
    return readOnly.length === 0 ? null : `the filesystem of ${specs(readOnly)} is read-only`;
  },

  'no-task-running': ({ cluster, volume }) => {
    for (const { server, volume: word } of freshWords(cluster.servers, volume.volume)) {
      const { status } = word.rebalance;
      if (status === 'started' || status === 'fix-layout-started') {
        return `a rebalance of ${word.name} is running on ${server.name}`;
      }
      if (status === 'unknown')
        return `it is not known whether a rebalance of ${word.name} runs on ${server.name}`;
    }
    return null;
  },

  'no-plan-running': ({ running }) => {
    if (running.length === 0) return null;
    return `${listed(running.map((record) => record.plan.id))} is being carried out, and a pool changes one thing at a time`;
  },

  'heals-done': ({ volume }) => {
    if (volume.volume.kind === 'distribute') return null;
    const allowed = volume.volume.kind === 'disperse' ? dispersedWritesInFlight : 0;
    const unknown = bricksOf(volume).filter((member) => member.seen?.pendingHeals == null);
    const pending = bricksOf(volume).filter((member) => (member.seen?.pendingHeals ?? 0) > allowed);
    if (pending.length > 0)
      return `${specs(pending)} ${pending.length === 1 ? 'has' : 'have'} entries to heal`;
    return unknown.length === 0 ? null : `it is not known whether ${specs(unknown)} has entries to heal`;
  },
} as const satisfies Record<string, Gate>;

export type GateName = keyof typeof gates;
const gateNames = Object.keys(gates) as GateName[];

/** The sentences of all closed gates, in the order of the table; empty when the volume may be changed. */
export function closedGates(input: GateInput, except: readonly GateName[] = []): string[] {
  return gateNames
    .filter((name) => !except.includes(name))
    .map((name) => gates[name](input))
    .filter((sentence) => sentence !== null);
}

function specs(members: readonly ClusterBrick[]): string {
  return listed(members.map((member) => brickSpec(member.brick)));
}
