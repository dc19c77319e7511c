// A server as the API shows it, PURE: how old each part of what is known of it is, and what it says of itself.
import { type Static, Type } from 'typebox';
import { Filesystem } from '../../../shared/model/filesystem.ts';
import { Peer } from '../../../shared/model/gluster.ts';
import { PeerUuid, ServerName, Zone } from '../../../shared/model/names.ts';
import { ListeningPort, NameResolution } from '../../../shared/model/network.ts';
import { type Report, type SectionName, sectionValues } from '../../../shared/model/report.ts';
import { Nullable, OneOf } from '../../../shared/model/schema.ts';
import { seen } from '../../../shared/model/section.ts';
import type { Cluster, ClusterServer } from '../../core/cluster.ts';
import { Amount, Count } from './page.ts';
import { SlotView, viewSlot } from './slot-view.ts';

const sectionNames = Object.keys(sectionValues) as SectionName[];

export const SectionView = Type.Object({
  name: OneOf(sectionNames),
  kind: OneOf(['seen', 'failed']),
  /** How long ago it was last seen; null when it never was. */
  seenAgeMs: Amount,
  /** Why it was not seen this time. */
  problem: Nullable(Type.Object({ code: Type.String(), message: Type.String() })),
});
export type SectionView = Static<typeof SectionView>;

const summary = {
  name: ServerName,
  /** Where it stands, outermost name first: `dc1/rack2`. */
  zone: Nullable(Zone),
  /** Whether report and beat are young enough to act on. */
  isFresh: Type.Boolean(),
  /** Age of the newest sign of life. */
  silentMs: Type.Number({ minimum: 0 }),
  reportAgeMs: Type.Number({ minimum: 0 }),
  beatAgeMs: Amount,
  agentVersion: Type.String(),
  /** The highest epoch that the server has obeyed. */
  epoch: Nullable(Count),
  glusterVersion: Nullable(Type.String()),
  opVersion: Nullable(Type.Integer()),
  /** Other members of the pool, as this server sees them. */
  peers: Nullable(Type.Object({ total: Count, connected: Count })),
  slots: Nullable(Type.Object({ total: Count, usable: Count })),
  bricks: Nullable(Type.Object({ total: Count, up: Count, down: Count })),
  /** Parts of the report that could not be seen. */
  failedSections: Type.Array(OneOf(sectionNames)),
};

export const ServerSummary = Type.Object(summary);
export type ServerSummary = Static<typeof ServerSummary>;

export const ServerView = Type.Object({
  ...summary,
  peerUuid: Nullable(PeerUuid),
  sections: Type.Array(SectionView),
  /** The other members by name; null when glusterd could not be seen. */
  peerList: Nullable(Type.Array(Peer)),
  filesystems: Nullable(Type.Array(Filesystem)),
  slotList: Nullable(Type.Array(SlotView)),
  names: Nullable(Type.Array(NameResolution)),
  ports: Nullable(Type.Array(ListeningPort)),
});
export type ServerView = Static<typeof ServerView>;

/** One line of the list of servers. */
export function summarizeServer(server: ClusterServer, now: number): ServerSummary {
  const { name, isFresh, silentMs, gluster, state } = server;
  const { report, reportAt, beatAt } = state;
  const slots = seen(report.sections.slots);
  return {
    name,
    zone: server.zone,
    isFresh,
    silentMs,
    reportAgeMs: Math.max(0, now - reportAt),
    beatAgeMs: beatAt === null ? null : Math.max(0, now - beatAt),
    agentVersion: report.agentVersion,
    epoch: report.epoch,
    glusterVersion: gluster?.version ?? null,
    opVersion: gluster?.opVersion ?? null,
    peers: gluster && {
      total: gluster.peers.length,
      connected: gluster.peers.filter((peer) => peer.isConnected).length,
    },
    slots: slots && { total: slots.length, usable: slots.filter((slot) => slot.problem === null).length },
    bricks: report.sections.bricks.kind === 'failed' ? null : countBricks(server),
    failedSections: sectionNames.filter((section) => report.sections[section].kind === 'failed'),
  };
}

/** All that is known of one server of `cluster`. */
export function viewServer(server: ClusterServer, cluster: Cluster): ServerView {
  const { sections } = server.state.report;
  const slots = cluster.slots.filter((slot) => slot.server === server.name);
  return {
    ...summarizeServer(server, cluster.now),
    peerUuid: server.gluster?.uuid ?? null,
    sections: sectionNames.map((name) => viewSection(name, server, cluster.now)),
    peerList: server.gluster?.peers ?? null,
    filesystems: sections.filesystems.kind === 'failed' ? null : [...server.filesystems],
    slotList: sections.slots.kind === 'failed' ? null : slots.map(viewSlot),
    names: seen(sections.names),
    ports: seen(sections.ports),
  };
}

function countBricks({ bricks }: ClusterServer) {
  return {
    total: bricks.length,
    up: bricks.filter((brick) => brick.isUp === true).length,
    down: bricks.filter((brick) => brick.isUp === false).length,
  };
}

function viewSection(name: SectionName, { state }: ClusterServer, now: number): SectionView {
  const section = state.report.sections[name];
  const seenAt = section.kind === 'seen' ? section.seenAt : section.lastSeenAt;
  return {
    name,
    kind: section.kind,
    seenAgeMs: seenAt === null ? null : ageOf(seenAt, state.report, state.reportAt, now),
    problem: section.kind === 'seen' ? null : { code: section.code, message: section.message },
  };
}

/** Age of a time on the agent's clock, which is only compared with the same clock: how long before sending, and how long since. */
function ageOf(agentTime: number, report: Report, reportAt: number, now: number): number {
  return Math.max(0, report.sentAt - agentTime) + Math.max(0, now - reportAt);
}
