// The judge of a plan that only grows filesystems where they are: each holds a brick of the volume, is seen now as the
// step describes it, and the volume stays within its limits.
import type { Plan } from '../../../shared/model/plan.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { bricksOf, type Cluster, type ClusterVolume, serverNamed } from '../cluster.ts';
import type { Violation } from './check-plan.ts';
import { filesystemOf } from './grow-filesystem-rule.ts';
import { hashPlan } from './write-plan.ts';

/** Every way in which `plan` breaks a law; empty when it may be carried out. */
export function checkFilesystemPlan(
  plan: Plan,
  volume: ClusterVolume,
  cluster: Cluster,
  policy: Policy,
): Violation[] {
  const violations: Violation[] = [];
  if (plan.hash !== hashPlan(plan)) {
    violations.push({ law: 5, sentence: 'the hash is not that of the goal and the steps' });
  }
  for (const step of plan.steps) {
    if (step.kind !== 'grow-filesystem') continue;
    const where = `${step.server}:${step.mountPoint}`;
    const seen = filesystemOf(step, cluster);
    const isFresh = serverNamed(cluster, step.server)?.isFresh === true;
    if (!isFresh || seen === undefined) {
      violations.push({ law: 6, sentence: `nothing fresh is known of the filesystem on ${where}` });
    } else if (seen.isRoot || seen.isReadOnly || seen.device !== step.device || seen.type !== step.type) {
      violations.push({
        law: 6,
        sentence: `the filesystem on ${where} is not the one that the plan was written for`,
      });
    }
    const holdsBrick = bricksOf(volume).some(
      ({ server, filesystem }) => server?.name === step.server && filesystem?.mountPoint === step.mountPoint,
    );
    if (!holdsBrick || step.volumeId !== plan.goal.volumeId) {
      violations.push({ law: 'form', sentence: `no brick of ${plan.goal.volume} lies on ${where}` });
    }
  }
  const { maxSizeBytes } = policy.limits;
  if (maxSizeBytes !== null && plan.after.sizeBytes > maxSizeBytes) {
    violations.push({
      law: 'limits',
      sentence: `${plan.goal.volume} would have ${plan.after.sizeBytes} bytes, and limits.maxSizeBytes is ${maxSizeBytes}`,
    });
  }
  return violations;
}
