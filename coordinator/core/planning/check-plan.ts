// An independent judge: whether a plan, whoever wrote it, keeps the laws in the cluster as it is now. It shares no code
// with placement on purpose, so that a mistake there is caught here, before anything is ordered.
import type { Plan } from '../../../shared/model/plan.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Step, StepOf } from '../../../shared/model/step.ts';
import { subvolumeSize } from '../../../shared/model/volume.ts';
import {
  brickSpec,
  bricksOf,
  type Cluster,
  type ClusterSlot,
  type ClusterVolume,
  serverNamed,
  volumeById,
} from '../cluster.ts';
import { slotAt } from '../cluster-index.ts';
import { poolOf } from '../membership/pool.ts';
import { checkFilesystemPlan } from './check-filesystem-plan.ts';
import { checkZones } from './check-zones.ts';
import { hashPlan } from './write-plan.ts';

export interface Violation {
  /** The law's number in the design, the plan's own form, or the limits of the policy. */
  readonly law: 3 | 5 | 6 | 'form' | 'limits';
  readonly sentence: string;
}

/** Every way in which `plan` breaks a law in `cluster` under `policy`; empty when it may be carried out. */
export function checkPlan(plan: Plan, cluster: Cluster, policy: Policy): Violation[] {
  const volume = volumeById(cluster, plan.goal.volumeId);
  if (volume === undefined) return [broken(6, `the volume ${plan.goal.volume} is not known`)];
  if (plan.steps.every((step) => step.kind === 'grow-filesystem')) {
    return checkFilesystemPlan(plan, volume, cluster, policy);
  }
  const [addBrick, ...others] = plan.steps.filter((step) => step.kind === 'add-brick');
  if (addBrick === undefined || others.length > 0) {
    return [broken('form', 'a growth has exactly one add-brick step')];
  }
  return [
    ...checkHash(plan),
    ...checkForm(plan, addBrick, volume),
    ...checkServers(plan, cluster),
    ...checkSets(addBrick, volume, cluster),
    ...checkFilesystems(addBrick, volume, cluster),
    ...checkLimits(plan, addBrick, volume, policy),
  ];
}

function broken(law: Violation['law'], sentence: string): Violation {
  return { law, sentence };
}

function checkHash(plan: Plan): Violation[] {
  return plan.hash === hashPlan(plan) ? [] : [broken(5, 'the hash is not that of the goal and the steps')];
}

function checkForm(plan: Plan, addBrick: StepOf<'add-brick'>, { volume }: ClusterVolume): Violation[] {
  const violations: Violation[] = [];
  const position = plan.steps.indexOf(addBrick);
  for (const brick of addBrick.bricks) {
    const isMadeBefore = plan.steps
      .slice(0, position)
      .some((step) => isDirectoryOf(step, brick.host, brick.path));
    if (!isMadeBefore) violations.push(broken('form', `no step before add-brick makes ${brickSpec(brick)}`));
  }
  if (plan.steps.slice(0, position).some((step) => step.kind !== 'make-brick-directory')) {
    violations.push(broken('form', 'only directories are made before add-brick'));
  }
  if (
    plan.steps.slice(position + 1).some((step) => step.kind !== 'fix-layout' && step.kind !== 'rebalance')
  ) {
    violations.push(broken('form', 'only fix-layout or rebalance comes after add-brick'));
  }
  const isElsewhere = plan.steps.some(
    (step) => step.kind !== 'make-brick-directory' && step.volumeId !== plan.goal.volumeId,
  );
  if (isElsewhere) violations.push(broken('form', `a step is for another volume than ${plan.goal.volume}`));
  if (addBrick.brickCountBefore !== volume.bricks.length) {
    violations.push(
      broken(6, `${volume.name} has ${volume.bricks.length} bricks and not ${addBrick.brickCountBefore}`),
    );
  }
  return violations;
}

function isDirectoryOf(step: Step, server: string, path: string): boolean {
  return step.kind === 'make-brick-directory' && step.server === server && step.path === path;
}

function checkServers(plan: Plan, cluster: Cluster): Violation[] {
  const names = [...new Set(plan.steps.map((step) => step.server))];
  return names
    .filter((name) => serverNamed(cluster, name)?.isFresh !== true)
    .map((name) => broken(6, `nothing fresh is known of ${name}`));
}

function checkSets(
  addBrick: StepOf<'add-brick'>,
  clusterVolume: ClusterVolume,
  cluster: Cluster,
): Violation[] {
  const { volume } = clusterVolume;
  const size = subvolumeSize(volume);
  if (addBrick.bricks.length % size !== 0) {
    return [
      broken(
        'form',
        `${addBrick.bricks.length} bricks are not a multiple of the ${size} of a subvolume of ${volume.name}`,
      ),
    ];
  }
  const poolNames = new Set(poolOf(cluster, clusterVolume).map((member) => member.name));
  const violations: Violation[] = [];
  const sets: (typeof addBrick.bricks)[] = [];
  for (let first = 0; first < addBrick.bricks.length; first += size) {
    const set = addBrick.bricks.slice(first, first + size);
    // By peer UUID as well as by name: two names may be one machine.
    const machines = set.map((brick) => serverNamed(cluster, brick.host)?.gluster?.uuid ?? brick.host);
    if (new Set(machines).size < set.length) {
      violations.push(
        broken(3, `two bricks of one subvolume are on one server: ${set.map(brickSpec).join(', ')}`),
      );
    }
    sets.push(set);
  }
  const together = checkZones(sets, size, cluster, poolNames).map((sentence) => broken(3, sentence));
  return [...violations, ...together];
}

function checkFilesystems(
  addBrick: StepOf<'add-brick'>,
  volume: ClusterVolume,
  cluster: Cluster,
): Violation[] {
  const violations: Violation[] = [];
  const holders = new Map<string, string>();
  for (const member of bricksOf(volume)) {
    if (member.server === null || member.filesystem === null) {
      violations.push(broken(6, `it is not known on which filesystem ${brickSpec(member.brick)} lies`));
      continue;
    }
    holders.set(`${member.server.name} ${member.filesystem.deviceNumber}`, brickSpec(member.brick));
  }
  for (const brick of addBrick.bricks) {
    const spec = brickSpec(brick);
    const slot = slotOf(brick, cluster);
    if (slot === undefined || slot.filesystem === null || slot.slot.problem !== null) {
      violations.push(broken(6, `${spec} does not lie directly in a slot with a mounted filesystem`));
      continue;
    }
    if (slot.filesystem.isRoot || slot.filesystem.isReadOnly) {
      violations.push(broken(6, `the filesystem of ${spec} is the root filesystem or read-only`));
    }
    if (slot.bricks.some((other) => other.path === brick.path)) {
      violations.push(broken(3, `${spec} is a brick already`));
    }
    const key = `${brick.host} ${slot.filesystem.deviceNumber}`;
    const other = holders.get(key);
    if (other !== undefined) {
      violations.push(broken(3, `${spec} would share a filesystem with ${other}, of the same volume`));
    }
    holders.set(key, spec);
  }
  return violations;
}

function slotOf(
  brick: { readonly host: string; readonly path: string },
  cluster: Cluster,
): ClusterSlot | undefined {
  return slotAt(cluster, brick.host, brick.path.slice(0, brick.path.lastIndexOf('/')));
}

function checkLimits(
  plan: Plan,
  addBrick: StepOf<'add-brick'>,
  { volume }: ClusterVolume,
  policy: Policy,
): Violation[] {
  const { maxBricks, maxSizeBytes } = policy.limits;
  const violations: Violation[] = [];
  const bricks = volume.bricks.length + addBrick.bricks.length;
  if (maxBricks !== null && bricks > maxBricks) {
    violations.push(
      broken('limits', `${volume.name} would have ${bricks} bricks, and limits.maxBricks is ${maxBricks}`),
    );
  }
  if (maxSizeBytes !== null && plan.after.sizeBytes > maxSizeBytes) {
    violations.push(
      broken(
        'limits',
        `${volume.name} would have ${plan.after.sizeBytes} bytes, and limits.maxSizeBytes is ${maxSizeBytes}`,
      ),
    );
  }
  return violations;
}
