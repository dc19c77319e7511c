// Starts a rebalance of a volume, of its layout alone or of its data too. Done means started: the task id is new. Whether
// it has come to its end is seen in the reports, because each server has its own share of the task.
import { losesDataInRebalance } from '../../../shared/model/gluster.ts';
import type { StepOf } from '../../../shared/model/step.ts';
import type { RebalanceStatus } from '../../../shared/model/volume.ts';
import type { StateRebalance } from '../gluster/parse-get-state.ts';
import type { Applied, StepEdges, Verb } from './verb.ts';
import { volumeOfStep } from './volume-of-step.ts';

type RebalanceTask = StepOf<'fix-layout' | 'rebalance'>;

/** Existing directories use the new bricks afterwards; no file is moved. */
export const fixLayout: Verb<'fix-layout'> = {
  isDone: hasStarted,
  apply: (step, edges) => start(step, ['fix-layout', 'start'], edges),
};

/** Files are moved too, which one version of Gluster loses some of. */
export const rebalance: Verb<'rebalance'> = {
  isDone: hasStarted,
  async apply(step, edges) {
    const version = await edges.gluster.readVersion();
    if (losesDataInRebalance(version)) {
      const message = `Gluster ${version} can delete files in a full rebalance (#4148); update to 11.1 first`;
      return { kind: 'refused', message };
    }
    return start(step, ['start'], edges);
  },
};

async function hasStarted(step: RebalanceTask, edges: StepEdges): Promise<boolean> {
  const task = await taskOf(step, edges);
  // A server without a brick of the volume has the new id and stays `not-started` for ever.
  return task !== null && task.id !== null && task.id !== step.taskIdBefore && !endedWithout.has(task.status);
}

async function start(step: RebalanceTask, words: readonly string[], edges: StepEdges): Promise<Applied> {
  const found = await volumeOfStep(step, edges);
  if (!found.ok) return { kind: 'refused', message: found.sentence };
  if (found.volume.status !== 'started') {
    return {
      kind: 'refused',
      message: `${step.volume} is ${found.volume.status}, and only a started volume has a layout to fix`,
    };
  }
  const answer = await edges.gluster.change(['volume', 'rebalance', step.volume, ...words]);
  if (answer.kind !== 'accepted') return { kind: answer.kind, message: answer.message };
  return { kind: 'applied', message: `started the ${step.kind} of ${step.volume}` };
}

/** A task that ended so has not reached every directory; starting another one is safe. */
const endedWithout: ReadonlySet<RebalanceStatus> = new Set([
  'failed',
  'stopped',
  'fix-layout-failed',
  'fix-layout-stopped',
]);

async function taskOf(step: RebalanceTask, edges: StepEdges): Promise<StateRebalance | null> {
  const { volumes } = await edges.gluster.readState();
  return volumes.find((volume) => volume.id === step.volumeId)?.rebalance ?? null;
}
