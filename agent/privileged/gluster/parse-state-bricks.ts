// The bricks of one volume in `get-state`. A brick of this server has five more lines than the others have: with any of
// them there must be all, or a damaged line would turn a local brick into a remote one.
import { has, need, numbered, type StateFields } from './state-fields.ts';
import {
  badOutput,
  parseBrickName,
  parseCount,
  parseHost,
  parsePort,
  pickWord,
  quote,
} from './strict-text.ts';

export type StateBrick = {
  /** Gluster's own number: counts from 1 and gives the brick its place in a set. */
  index: number;
  host: string;
  path: string;
  isArbiter: boolean;
  /** Null for a brick of another server, about which this server says nothing. */
  local: LocalBrick | null;
};

export type LocalBrick = {
  /** The last port it had, which stays when it is down; null if it never ran. */
  port: number | null;
  /** Stays true when a brick was killed hard: only `status` says whether it runs. */
  portRegistered: boolean;
  status: 'started' | 'stopped' | 'starting' | 'stopping';
  /** Free bytes of the filesystem under the path, root's reserve included; null when glusterd could not tell. */
  spaceFreeBytes: number | null;
  spaceTotalBytes: number | null;
};

/** The bricks in `volume`, whose own counts must agree with them. Throws `bad-output`. */
export function parseStateBricks(
  volume: StateFields,
  counts: { brickCount: number; replicaCount: number; arbiterCount: number },
): StateBrick[] {
  const bricks = numbered(volume, 'Brick').map(parseBrick);
  if (bricks.length !== counts.brickCount) {
    throw badOutput(
      `get-state has ${bricks.length} bricks for ${volume.where}, but a brickcount of ${counts.brickCount}`,
    );
  }
  const arbiters = bricks.filter((brick) => brick.isArbiter).length;
  if (arbiters * counts.replicaCount !== bricks.length * counts.arbiterCount) {
    throw badOutput(`get-state has ${arbiters} arbiters for ${volume.where}, which its counts do not allow`);
  }
  return bricks;
}

function parseBrick(fields: StateFields, at: number): StateBrick {
  const { host, path } = need(fields, 'path', parseBrickName);
  const named = need(fields, 'hostname', parseHost);
  if (named !== host) throw badOutput(`get-state has the host ${quote(named)} for a brick of ${quote(host)}`);
  return {
    index: at + 1,
    host,
    path,
    isArbiter:
      has(fields, 'is_arbiter') && need(fields, 'is_arbiter', (text, where) => pickWord(text, flags, where)),
    local: localFields.some((key) => has(fields, key)) ? parseLocal(fields) : null,
  };
}

const localFields = ['port', 'port_registered', 'status', 'spacefree', 'spacetotal'];
const flags = { '0': false, '1': true };

function parseLocal(fields: StateFields): LocalBrick {
  const freeBytes = need(fields, 'spacefree', parseBytes);
  const totalBytes = need(fields, 'spacetotal', parseBytes);
  if (freeBytes > totalBytes) throw badOutput(`${fields.where} has more free space than space`);
  return {
    port: need(fields, 'port', parsePort),
    portRegistered: need(fields, 'port_registered', (text, where) => pickWord(text, flags, where)),
    status: need(fields, 'status', (text, where) => pickWord(text, statuses, where)),
    spaceFreeBytes: totalBytes === 0 ? null : freeBytes,
    spaceTotalBytes: totalBytes === 0 ? null : totalBytes,
  };
}

const statuses: Readonly<Record<string, LocalBrick['status']>> = {
  Started: 'started',
  Stopped: 'stopped',
  Starting: 'starting',
  Stopping: 'stopping',
};

function parseBytes(text: string, where: string): number {
  if (!text.endsWith('Bytes')) throw badOutput(`${where} is ${quote(text)}, not a number of Bytes`);
  return parseCount(text.slice(0, -'Bytes'.length), where);
}
