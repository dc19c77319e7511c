// Proposals that can never be carried out any more, whatever the level of their volume: the volume is gone, it has other
// bricks than the plan was written for, or a newer proposal has taken their place. Others wait for as long as they must.
import type { PlanRecord } from '../../../shared/model/plan.ts';
import { type Cluster, volumeById } from '../cluster.ts';
import { openProposal } from '../growth/past-growths.ts';
import type { State } from '../state.ts';
import { endPlan } from './cancel-plan.ts';

/** The records of the proposals that end at `now`; to be asked only while a server is heard that knows the volumes. */
export function endObsoleteProposals(state: State, cluster: Cluster, now: number): PlanRecord[] {
  return [...state.plans.values()].flatMap((record) => {
    const why = record.status === 'proposed' ? whyObsolete(state, cluster, record) : null;
    return why === null ? [] : [endPlan(record, why, now)];
  });
}

function whyObsolete(state: State, cluster: Cluster, { plan }: PlanRecord): string | null {
  const volume = volumeById(cluster, plan.goal.volumeId);
  if (volume === undefined) return `the volume ${plan.goal.volume} does not exist any more`;
  const newest = openProposal(state, volume.volume);
  if (newest !== undefined && newest.plan.id !== plan.id) return `replaced by ${newest.plan.id}`;
  const addBrick = plan.steps.find((step) => step.kind === 'add-brick');
  const count = volume.volume.bricks.length;
  // While the servers do not agree, a count is not the volume's last word.
  if (addBrick === undefined || !volume.isConsistent || addBrick.brickCountBefore === count) return null;
  return `${plan.goal.volume} has ${count} bricks now, and the plan was written for ${addBrick.brickCountBefore}`;
}
