// An add-brick: the volume has the bricks at its end, on every fresh member of the pool and with one configuration. That
// Gluster said "success" is not enough: a commit that failed on one server leaves the pool diverged, without a roll-back,
// and nothing more may be done to a volume in that state.
import type { StepOf } from '../../../shared/model/step.ts';
import type { Volume } from '../../../shared/model/volume.ts';
import { brickSpec, volumeById } from '../cluster.ts';
import { closedGates } from '../growth/gates.ts';
import { poolOf } from '../membership/pool.ts';
import { freshWords } from '../view-volumes.ts';
import { listed } from '../wording.ts';
import type { StepRule } from './step-rules.ts';

type AddBrick = StepOf<'add-brick'>;

export const addBrickRule: StepRule<'add-brick'> = {
  /** The gluster command itself gives up after 120 s; what is more is for its start and for the way. */
  limitMs: 150_000,
  outcomeDone: 'must-show',
  isUndoneByRefusal: false,

  look(step, cluster) {
    const volume = volumeById(cluster, step.volumeId);
    const words = volume === undefined ? [] : freshWords(cluster.servers, volume.volume);
    if (volume === undefined || words.length === 0) {
      return { kind: 'unknown', sentence: `no server that is heard knows ${step.volume}` };
    }
    const without = words.filter((word) => !hasBricks(word.volume, step)).map((word) => word.server.name);
    if (without.length === words.length) return lookBefore(step, volume.volume);
    if (without.length > 0) {
      return {
        kind: 'partial',
        sentence: `${listed(without)} does not show the new bricks of ${step.volume}`,
      };
    }
    // A commit that failed on a server which is silent now would be found too late.
    const silent = poolOf(cluster, volume).flatMap(({ server }) =>
      server === null || server.isFresh ? [] : [server.name],
    );
    if (silent.length > 0) {
      return { kind: 'unknown', sentence: `${listed(silent)} is silent, and must show the new bricks too` };
    }
    if (!volume.isConsistent) {
      return {
        kind: 'partial',
        sentence: `the servers do not all show the same configuration of ${step.volume}`,
      };
    }
    return { kind: 'shown', note: null };
  },

  witnesses(step, cluster) {
    const volume = volumeById(cluster, step.volumeId);
    if (volume === undefined) return [];
    return poolOf(cluster, volume).flatMap((member) => (member.server === null ? [] : [member.server]));
  },

  whyNotYet(step, cluster) {
    const volume = volumeById(cluster, step.volumeId);
    if (volume === undefined) return `no server knows ${step.volume}`;
    return closedGates({ cluster, volume, running: [], adding: step.bricks })[0] ?? null;
  },
};

function hasBricks(volume: Volume, step: AddBrick): boolean {
  const added = volume.bricks.slice(step.brickCountBefore, step.brickCountBefore + step.bricks.length);
  return (
    added.length === step.bricks.length &&
    added.every((brick, index) => {
      const wanted = step.bricks[index];
      return wanted !== undefined && brickSpec(brick) === brickSpec(wanted);
    })
  );
}

/** Nobody shows the bricks: the step is still to be done, unless somebody else has changed the volume meanwhile. */
function lookBefore(step: AddBrick, volume: Volume): ReturnType<StepRule<'add-brick'>['look']> {
  if (volume.bricks.length === step.brickCountBefore) return { kind: 'absent' };
  return {
    kind: 'failed',
    sentence: `${volume.name} has ${volume.bricks.length} bricks, and the plan was written for ${step.brickCountBefore}: somebody else has changed it`,
  };
}
