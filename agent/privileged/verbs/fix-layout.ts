// Starts a fix-layout, so that existing directories use the new bricks. Done means started: the task id is new. Whether
// it has come to its end is seen in the reports, because each server has its own share of the task.
import type { StepOf } from '../../../shared/model/step.ts';
import type { RebalanceStatus } from '../../../shared/model/volume.ts';
import type { StateRebalance } from '../gluster/parse-get-state.ts';
import type { Applied, StepEdges, Verb } from './verb.ts';
import { volumeOfStep } from './volume-of-step.ts';

export const fixLayout: Verb<'fix-layout'> = {
  async isDone(step, edges) {
    const task = await taskOf(step, edges);
    // A server without a brick of the volume has the new id and stays `not-started` for ever.
    return (
      task !== null && task.id !== null && task.id !== step.taskIdBefore && !endedWithout.has(task.status)
    );
  },

  async apply(step, edges): Promise<Applied> {
    const found = await volumeOfStep(step, edges);
    if (!found.ok) return { kind: 'refused', message: found.sentence };
    if (found.volume.status !== 'started') {
      return {
        kind: 'refused',
        message: `${step.volume} is ${found.volume.status}, and only a started volume has a layout to fix`,
      };
    }
    const answer = await edges.gluster.change(['volume', 'rebalance', step.volume, 'fix-layout', 'start']);
    if (answer.kind !== 'accepted') return { kind: answer.kind, message: answer.message };
    return { kind: 'applied', message: `started the fix-layout of ${step.volume}` };
  },
};

/** A task that ended so has not reached every directory; starting another one is safe. */
const endedWithout: ReadonlySet<RebalanceStatus> = new Set([
  'failed',
  'stopped',
  'fix-layout-failed',
  'fix-layout-stopped',
]);

async function taskOf(step: StepOf<'fix-layout'>, edges: StepEdges): Promise<StateRebalance | null> {
  const { volumes } = await edges.gluster.readState();
  return volumes.find((volume) => volume.id === step.volumeId)?.rebalance ?? null;
}
