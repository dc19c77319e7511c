// What one server's glusterd knows, from the file that `gluster get-state` writes: the cheapest read there is, local
// and without a lock. Only bricks of this server have a port, a status and space. Two zeros for space are glusterd's way
// to say that statvfs failed; they are null here, because zero would mean full.
import type { RebalanceStatus } from '../../../shared/model/volume.ts';
import { parseStateBricks, type StateBrick } from './parse-state-bricks.ts';
import { fieldsUnder, need, numbered, readSections, type StateFields } from './state-fields.ts';
import {
  badOutput,
  nullUuid,
  parseCount,
  parseHost,
  parseUuid,
  parseWord,
  pickWord,
  requireSize,
} from './strict-text.ts';
import { type VolumeStatus, type VolumeType, volumeStatuses, volumeTypes } from './volume-words.ts';

export type GetState = {
  uuid: string;
  opVersion: number;
  peers: StatePeer[];
  volumes: StateVolume[];
  /** The first port that glusterd gives to bricks. */
  basePort: number;
};

export type StatePeer = {
  uuid: string;
  hostname: string;
  otherNames: string[];
  /** "Peer in Cluster" for a full member; such a peer may be disconnected all the same. */
  state: string;
  connected: boolean;
};

export type StateVolume = {
  name: string;
  id: string;
  type: VolumeType;
  status: VolumeStatus;
  brickCount: number;
  subvolCount: number;
  /** 1 for distribute and disperse. */
  replicaCount: number;
  arbiterCount: number;
  /** 0 where the volume is not dispersed. */
  disperseCount: number;
  redundancyCount: number;
  quorumStatus: QuorumStatus;
  rebalance: StateRebalance;
  shdOnline: boolean;
  options: Record<string, string>;
  bricks: StateBrick[];
};

export type QuorumStatus = 'not-applicable' | 'meets' | 'does-not-meet';

/**
 * This server's share of the volume's task. `id` is the task-id that the start answered, null before the first start
 * and after a stop. A server without a brick of the volume has the id, but stays `not-started`. A fix-layout that
 * runs or is done says `started` and `completed` like a full rebalance, and add-brick resets neither.
 */
export type StateRebalance = {
  id: string | null;
  status: RebalanceStatus;
  failures: number;
  skipped: number;
  lookedUp: number;
  files: number;
};

/** Reads a whole `get-state` file. Throws `bad-output` naming the line that is missing or wrong, or `output-too-large`. */
export function parseGetState(text: string): GetState {
  requireSize(text, 'get-state');
  const sections = readSections(text);
  return {
    uuid: need(sections.Global, 'MYUUID', parseUuid),
    opVersion: need(sections.Global, 'op-version', parseCount),
    peers: numbered(sections.Peers, 'Peer').map(parsePeer),
    volumes: numbered(sections.Volumes, 'Volume').map(parseVolume),
    basePort: need(sections.Misc, 'Base port', parseCount),
  };
}

function parsePeer(fields: StateFields): StatePeer {
  return {
    uuid: need(fields, 'uuid', parseUuid),
    hostname: need(fields, 'primary_hostname', parseHost),
    otherNames: need(fields, 'othernames', parseNames),
    state: need(fields, 'state', parseSentence),
    connected: need(fields, 'connected', (text, where) => pickWord(text, connections, where)),
  };
}

const connections = { Connected: true, Disconnected: false };

function parseNames(text: string, where: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  return text.trim() === '' ? [] : names.filter((name) => name !== '').map((name) => parseHost(name, where));
}

function parseSentence(text: string, where: string): string {
  if (text.trim() === '') throw badOutput(`${where} is empty`);
  return text;
}

function parseVolume(fields: StateFields): StateVolume {
  const counts = {
    brickCount: need(fields, 'brickcount', parseCount),
    subvolCount: need(fields, 'subvol_count', parseCount),
    replicaCount: need(fields, 'replica_count', parseCount),
    arbiterCount: need(fields, 'arbiter_count', parseCount),
    disperseCount: need(fields, 'disperse_count', parseCount),
    redundancyCount: need(fields, 'redundancy_count', parseCount),
  };
  return {
    name: need(fields, 'name', parseWord),
    id: need(fields, 'id', parseUuid),
    type: need(fields, 'type', (text, where) => pickWord(text, volumeTypes, where)),
    status: need(fields, 'status', (text, where) => pickWord(text, volumeStatuses, where)),
    ...counts,
    quorumStatus: need(fields, 'quorum_status', (text, where) => pickWord(text, quorums, where)),
    rebalance: parseRebalance(fields),
    shdOnline: need(fields, 'shd_svc.online_status', (text, where) => pickWord(text, services, where)),
    options: fieldsUnder(fields, 'options.'),
    bricks: parseStateBricks(fields, counts),
  };
}

const quorums: Readonly<Record<string, QuorumStatus>> = {
  not_applicable: 'not-applicable',
  meets: 'meets',
  does_not_meet: 'does-not-meet',
};

const services = { Online: true, Offline: false };

function parseRebalance(fields: StateFields): StateRebalance {
  const id = need(fields, 'rebalance.id', parseUuid);
  return {
    id: id === nullUuid ? null : id,
    status: need(fields, 'rebalance.status', (text, where) => pickWord(text, rebalanceStatuses, where)),
    failures: need(fields, 'rebalance.failures', parseCount),
    skipped: need(fields, 'rebalance.skipped', parseCount),
    lookedUp: need(fields, 'rebalance.lookedup', parseCount),
    files: need(fields, 'rebalance.files', parseCount),
  };
}

const rebalanceStatuses: Readonly<Record<string, RebalanceStatus>> = {
  not_started: 'not-started',
  started: 'started',
  stopped: 'stopped',
  completed: 'completed',
  failed: 'failed',
  fix_layout_started: 'fix-layout-started',
  fix_layout_stopped: 'fix-layout-stopped',
  fix_layout_complete: 'fix-layout-completed',
  fix_layout_completed: 'fix-layout-completed',
  fix_layout_failed: 'fix-layout-failed',
};
