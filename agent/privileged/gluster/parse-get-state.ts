// What one server's glusterd knows, from the file that `gluster get-state` writes: the cheapest read there is, local
// and without a lock. Only the lines that somebody uses are asked for, because one that is missing fails the whole.
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
import { type VolumeStatus, volumeStatuses } from './volume-words.ts';

export type GetState = {
  uuid: string;
  opVersion: number;
  peers: StatePeer[];
  volumes: StateVolume[];
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
  status: VolumeStatus;
  /** 1 for distribute and disperse. */
  replicaCount: number;
  arbiterCount: number;
  /** 0 where the volume is not dispersed. */
  disperseCount: number;
  redundancyCount: number;
  rebalance: StateRebalance;
  options: Record<string, string>;
  bricks: StateBrick[];
};

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
    replicaCount: need(fields, 'replica_count', parseCount),
    arbiterCount: need(fields, 'arbiter_count', parseCount),
    disperseCount: need(fields, 'disperse_count', parseCount),
    redundancyCount: need(fields, 'redundancy_count', parseCount),
  };
  return {
    name: need(fields, 'name', parseWord),
    id: need(fields, 'id', parseUuid),
    status: need(fields, 'status', (text, where) => pickWord(text, volumeStatuses, where)),
    ...counts,
    rebalance: parseRebalance(fields),
    options: fieldsUnder(fields, 'options.'),
    bricks: parseStateBricks(fields, counts),
  };
}

function parseRebalance(fields: StateFields): StateRebalance {
  const id = need(fields, 'rebalance.id', parseUuid);
  return {
    id: id === nullUuid ? null : id,
    status: need(fields, 'rebalance.status', (text, where) => pickWord(text, rebalanceStatuses, where)),
    failures: need(fields, 'rebalance.failures', parseCount),
    skipped: need(fields, 'rebalance.skipped', parseCount),
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
