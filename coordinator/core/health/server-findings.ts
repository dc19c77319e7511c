// Findings about servers: silent ones, parts of a report that failed, slots that cannot be used, peers that do not see
// each other, and senders whose messages do not fit.

import { compareText, sortedByText } from '../../../shared/lib/compare-text.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Cluster, ClusterServer } from '../cluster.ts';
import { freshBeatMs, freshReportMs, type State } from '../state.ts';
import { atTime, counted, listed } from '../wording.ts';
import { makeFinding } from './make-finding.ts';

/** The findings about the servers of `cluster`, which is the view of `state`. */
export function serverFindings(state: State, cluster: Cluster): Finding[] {
  const fresh = cluster.servers.filter((server) => server.isFresh);
  return [
    ...cluster.servers.flatMap((server) => findSilence(server, cluster.now)),
    ...fresh.flatMap(findFailedSections),
    ...findSlots(cluster),
    ...findDisconnectedPeers(cluster, fresh),
    ...findDroppedMessages(state),
  ];
}

function findSilence(server: ClusterServer, now: number): Finding[] {
  if (server.isFresh) return [];
  const { name, state } = server;
  const newest = Math.max(state.reportAt, state.beatAt ?? 0);
  // A report alone, and a moment ago: the agent has just started, its first beat is on the way.
  if (state.beat?.run !== state.report.run && now - state.reportAt <= freshBeatMs) return [];
  if (newest > now)
    return [
      makeFinding(
        'server-silent',
        name,
        `${name} was last heard in the future: the coordinator's clock was set back`,
      ),
    ];
  const isBeating = state.beatAt !== null && now - state.beatAt <= freshBeatMs;
  const sentence =
    isBeating && now - state.reportAt > freshReportMs
      ? `${name} beats, but has sent no report since ${atTime(state.reportAt)}`
      : `nothing has been heard of ${name} since ${atTime(newest)}`;
  return [makeFinding('server-silent', name, sentence)];
}

function findFailedSections({ name, state }: ClusterServer): Finding[] {
  return sortedByText(Object.entries(state.report.sections), ([section]) => section).flatMap(
    ([section, content]) => {
      if (content.kind === 'seen') return [];
      const last = content.lastSeenAt === null ? 'never seen' : `last seen at ${atTime(content.lastSeenAt)}`;
      return [
        makeFinding(
          'section-failed',
          `${name}/${section}`,
          `${name} cannot see its ${section} (${last}): ${content.message}`,
        ),
      ];
    },
  );
}

function findSlots({ slots }: Cluster): Finding[] {
  return slots.flatMap(({ server, slot, isFresh }) => {
    if (!isFresh || slot.problem === null) return [];
    const code = slot.problem.code === 'unmounted' ? 'slot-unmounted' : 'slot-refused';
    const subject = `${server}:${slot.path}`;
    return [makeFinding(code, subject, `the slot ${subject} cannot be used: ${slot.problem.sentence}`)];
  });
}

/** One finding per server that is seen as disconnected, naming all that see it so: that shows a one-way cut, too. */
function findDisconnectedPeers(cluster: Cluster, fresh: readonly ClusterServer[]): Finding[] {
  const namesByUuid = new Map(cluster.servers.map((server) => [server.gluster?.uuid, server.name]));
  const seenBy = new Map<string, { observers: string[]; states: Set<string> }>();
  for (const observer of fresh) {
    for (const peer of observer.gluster?.peers ?? []) {
      if (peer.isConnected && peer.isMember) continue;
      const name = namesByUuid.get(peer.uuid) ?? [...peer.hostNames].sort(compareText)[0] ?? peer.uuid;
      const known = seenBy.get(name) ?? { observers: [], states: new Set<string>() };
      known.observers.push(observer.name);
      known.states.add(peer.isMember ? 'disconnected' : `"${peer.state}"`);
      seenBy.set(name, known);
    }
  }
  return [...seenBy].map(([name, { observers, states }]) => {
    const verb = observers.length === 1 ? 'sees' : 'see';
    const how = listed([...states].sort(compareText));
    return makeFinding('peer-disconnected', name, `${listed(observers)} ${verb} ${name} as ${how}`);
  });
}

function findDroppedMessages({ dropped }: State): Finding[] {
  return [...dropped].map(([sender, { count, problem }]) =>
    makeFinding(
      'messages-dropped',
      sender,
      `${counted(count, 'message')} from ${sender} ${count === 1 ? 'was' : 'were'} dropped; the last: ${problem}`,
    ),
  );
}
