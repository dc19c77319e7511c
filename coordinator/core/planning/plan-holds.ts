// Whether a plan that was written earlier is still what would be written now. Free space moves with every beat, so a
// proposal is not compared with a fresh placement: it holds as long as it keeps the laws, its slots are still usable and
// it is of the size that is wanted. So a proposal that waits for approval is not replaced because two slots swapped places.
import type { Plan } from '../../../shared/model/plan.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { ClusterVolume } from '../cluster.ts';
import { rebalanceAfterGrowth } from '../growth/rebalance-choice.ts';
import { shapeOf } from '../placement/brick-set.ts';
import { judgeSlots } from '../placement/judge-slots.ts';
import type { PlacementInput } from '../placement/want.ts';
import { counted } from '../wording.ts';
import { checkPlan } from './check-plan.ts';

/**
 * What has changed since `plan` was written, in one sentence; null when it still holds. `count` is how many subvolumes
 * would be added now, `input` what a placement would start from.
 */
export function whyNoLongerHolds(
  plan: Plan,
  input: PlacementInput,
  policy: Policy,
  count: number,
): string | null {
  const { cluster, volume } = input;
  const [violation] = checkPlan(plan, cluster, policy);
  return violation?.sentence ?? whyOtherSteps(plan, volume, policy, count) ?? whySlotUnusable(plan, input);
}

function whyOtherSteps(plan: Plan, cluster: ClusterVolume, policy: Policy, count: number): string | null {
  const { volume } = cluster;
  const planned = bricksToAdd(plan).length / shapeOf(volume).members;
  if (planned !== count) {
    return `${volume.name} would now grow by ${counted(count, 'subvolume')}, and the plan adds ${planned}`;
  }
  const task = plan.steps.find((step) => step.kind === 'fix-layout' || step.kind === 'rebalance');
  const wanted = rebalanceAfterGrowth(policy, cluster);
  if ((task?.kind ?? null) !== wanted) {
    return `the policy of ${volume.name} now says rebalance "${policy.rebalance}", and the plan ends with ${task?.kind ?? 'add-brick'}`;
  }
  if (task !== undefined && task.taskIdBefore !== volume.rebalance.taskId) {
    return `${volume.name} has been rebalanced since`;
  }
  return null;
}

function whySlotUnusable(plan: Plan, input: PlacementInput): string | null {
  const { members, data } = shapeOf(input.volume.volume);
  const judged = judgeSlots(input);
  for (const [index, brick] of bricksToAdd(plan).entries()) {
    const directory = brick.path.slice(0, brick.path.lastIndexOf('/'));
    const found = judged.find(({ slot }) => slot.server === brick.host && slot.slot.path === directory);
    const where = `${brick.host}:${directory}`;
    if (found === undefined) return `the slot ${where} is not offered any more`;
    const isArbiter = index % members >= data;
    if (found.fits === 'nothing' || (found.fits === 'arbiter' && !isArbiter)) {
      return `the slot ${where} cannot be used any more: ${found.reason}`;
    }
    if (found.slot.slot.entries?.includes(brick.path.slice(directory.length + 1)) === true) {
      return `${brick.host}:${brick.path} exists now`;
    }
  }
  return null;
}

/** The bricks that a plan adds, in Gluster's order. */
export function bricksToAdd(plan: Plan): readonly { readonly host: string; readonly path: string }[] {
  return plan.steps.flatMap((step) => (step.kind === 'add-brick' ? step.bricks : []));
}
