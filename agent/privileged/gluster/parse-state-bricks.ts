// The bricks of one volume in `get-state`. Their number and their arbiters must agree with the volume's own counts, so that
// a damaged line does not take a brick away.
import { has, need, numbered, type StateFields } from './state-fields.ts';
import { badOutput, parseBrickName, parseCount, parseHost, pickWord, quote } from './strict-text.ts';

export type StateBrick = {
  host: string;
  path: string;
  isArbiter: boolean;
};

/** The bricks in `volume` in Gluster's order, in which consecutive bricks make a set. Throws `bad-output`. */
export function parseStateBricks(
  volume: StateFields,
  counts: { replicaCount: number; arbiterCount: number },
): StateBrick[] {
  const bricks = numbered(volume, 'Brick').map(parseBrick);
  const brickCount = need(volume, 'brickcount', parseCount);
  if (bricks.length !== brickCount) {
    throw badOutput(
      `get-state has ${bricks.length} bricks for ${volume.where}, but a brickcount of ${brickCount}`,
    );
  }
  const arbiters = bricks.filter((brick) => brick.isArbiter).length;
  if (arbiters * counts.replicaCount !== bricks.length * counts.arbiterCount) {
    throw badOutput(`get-state has ${arbiters} arbiters for ${volume.where}, which its counts do not allow`);
  }
  return bricks;
}

function parseBrick(fields: StateFields): StateBrick {
  const { host, path } = need(fields, 'path', parseBrickName);
  const named = need(fields, 'hostname', parseHost);
  if (named !== host) throw badOutput(`get-state has the host ${quote(named)} for a brick of ${quote(host)}`);
  return {
    host,
    path,
    isArbiter:
      has(fields, 'is_arbiter') && need(fields, 'is_arbiter', (text, where) => pickWord(text, flags, where)),
  };
}

const flags = { '0': false, '1': true };
