// The gates: what must be true before a volume's topology is changed. Each is a named pure check with one sentence; all
// of them are asked, so that an operator sees everything that stands in the way at once. What is unknown closes a gate.
// The sentences carry no ages or counters that move by themselves, so that a waiting volume does not look busy.
import type { ClusterIntent } from '../../../shared/model/cluster-intent.ts';
import type { PlanRecord } from '../../../shared/model/plan.ts';
import { seen } from '../../../shared/model/section.ts';
import { brickSpec, bricksOf, type Cluster, type ClusterBrick, type ClusterVolume } from '../cluster.ts';
import { slotAt } from '../cluster-index.ts';
import { findNameProblems } from '../membership/name-problems.ts';
import { findDisconnected, poolOf } from '../membership/pool.ts';
import { freshWords } from '../view-volumes.ts';
import { listed } from '../wording.ts';

export interface GateInput {
  readonly cluster: Cluster;
  readonly volume: ClusterVolume;
  /** Plans that are being carried out now, of any volume of the pool. */
  readonly running: readonly PlanRecord[];
  /** Left out for the steps of a plan that runs: a freeze holds its orders back without closing anything. */
  readonly intent?: ClusterIntent;
  /** The bricks that are about to be added, where they are known. */
  readonly adding?: readonly { readonly host: string; readonly path: string }[];
}

/** Why the gate is closed, in one sentence; null when it is open. */
type Gate = (input: GateInput) => string | null;

/**
 * How far the heal indices of a dispersed set may differ without anything to heal. A file that is being written is
 * marked in the index of every member alike, so hundreds of them are no backlog; what an outage leaves is marked on the
 * members that were up, and only there. The members are looked at seconds apart, so a busy volume differs by some tens.
 * (A replica keeps the marks of files in flight in another index.)
 */
const dispersedWritesInFlight = 64;

export const gates = {
  'not-frozen': ({ intent }) => (intent?.isFrozen === true ? describeFreeze(intent) : null),

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

  'names-agree': ({ cluster, volume }) => {
    const names = new Set<string>([
      ...poolOf(cluster, volume).map((member) => member.name),
      ...volume.volume.bricks.map((brick) => brick.host),
    ]);
    // A server that finds itself under 127.0.1.1, as Debian sets it up, is a finding; one that finds another there is wrong.
    const wrong = findNameProblems(cluster).filter(
      ({ code, name, servers }) =>
        names.has(name) && (code === 'name-disagrees' || servers.some((server) => server !== name)),
    );
    return wrong.length === 0 ? null : listed(wrong.map((problem) => problem.sentence));
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

  'brick-ports-listening': ({ volume }) => {
    if (volume.volume.status !== 'started') return null;
    const deaf: ClusterBrick[] = [];
    for (const member of bricksOf(volume)) {
      if (member.isUp !== true || member.server === null || member.seen === null) continue;
      const ports = seen(member.server.state.report.sections.ports);
      if (ports === null) return `it is not known which ports are open on ${member.server.name}`;
      const { port } = member.seen;
      if (port === null || !ports.some((listening) => listening.port === port)) deaf.push(member);
    }
    if (deaf.length === 0) return null;
    return `${specs(deaf)} ${deaf.length === 1 ? 'is up but listens' : 'are up but listen'} on no port that is seen`;
  },

  'targets-mounted': ({ cluster, adding = [] }) => {
    for (const { host, path } of adding) {
      const directory = path.slice(0, path.lastIndexOf('/'));
      const slot = slotAt(cluster, host, directory);
      const where = `the slot ${host}:${directory}`;
      if (slot === undefined || !slot.isFresh) return `nothing fresh is known of ${where}`;
      if (slot.slot.problem !== null) return `${where}: ${slot.slot.problem.sentence}`;
      if (slot.filesystem === null || slot.filesystem.isRoot || slot.filesystem.isReadOnly) {
        return `${where} has no filesystem of its own mounted that can be written`;
      }
    }
    return null;
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
    const [first] = running;
    const state = first?.status === 'paused' ? 'is paused and not ended' : 'is being carried out';
    return `${listed(running.map((record) => record.plan.id))} ${state}, and a pool changes one thing at a time`;
  },

  'heals-done': ({ volume }) => {
    if (volume.volume.kind === 'distribute') return null;
    const unknown = bricksOf(volume).filter((member) => member.seen?.pendingHeals == null);
    const pending = volume.subvolumes.flatMap((subvolume) => {
      const least =
        volume.volume.kind === 'disperse'
          ? Math.min(...subvolume.bricks.map(healsOf)) + dispersedWritesInFlight
          : 0;
      return subvolume.bricks.filter((member) => healsOf(member) > least);
    });
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

/** `the cluster is frozen: moving the rack`. */
export function describeFreeze({ freezeReason }: ClusterIntent): string {
  return `the cluster is frozen${freezeReason === null ? '' : `: ${freezeReason}`}`;
}

function healsOf(member: ClusterBrick): number {
  return member.seen?.pendingHeals ?? 0;
}

function specs(members: readonly ClusterBrick[]): string {
  return listed(members.map((member) => brickSpec(member.brick)));
}
