// What to do about a volume's space now, and why: one decision per volume and activation, also when it is to wait. The
// questions are asked in a fixed order, and the first that stands in the way gives the decision its sentence.
import { formatDuration } from '../../../shared/lib/duration.ts';
import type { Decision, DecisionKind } from '../../../shared/model/decision.ts';
import type { Candidate, Plan, PlanRecord } from '../../../shared/model/plan.ts';
import { type Policy, policyProblems } from '../../../shared/model/policy.ts';
import { describeStep } from '../../../shared/model/step.ts';
import type { Cluster, ClusterVolume } from '../cluster.ts';
import type { State } from '../state.ts';
import { atTime, counted, inPercent } from '../wording.ts';
import { closedGates } from './gates.ts';
import { describeFullest, judgeLevel, type Level, trackCrossing } from './level.ts';
import { lastEndedAt, openProposal, plansFor, runningPlans } from './past-growths.ts';
import { planGrowth } from './plan-growth.ts';
import { policyOf } from './policy-of.ts';
import { freePercentOf, hasTarget } from './size-growth.ts';

export interface GrowthConclusion {
  readonly decision: Decision;
  /** What is to be proposed (mode `plan`) or carried out (`auto`); null when nothing is. */
  readonly plan: Plan | null;
  /** Why the volume's open proposal does not hold any more; null when it does, when there is none, or nobody asked. */
  readonly changed: string | null;
  /** The limits that stand in the way; one sentence each. */
  readonly limits: readonly string[];
  /** Since when the level is crossed, ms since 1970; null when it is not. */
  readonly crossedSince: number | null;
  /** When time alone could change the decision; null when it cannot. */
  readonly wakeAt: number | null;
}

/** What an answer to one of the questions adds to the conclusion. */
interface Answer {
  readonly kind: DecisionKind;
  readonly sentence: string;
  readonly reasons?: readonly string[];
  readonly candidates?: readonly Candidate[];
  readonly record?: PlanRecord | undefined;
  readonly plan?: Plan | null;
  readonly changed?: string | null;
  readonly limits?: readonly string[];
  readonly wakeAt?: number | null;
}

/** Decides about `volume` of `cluster`, which is the view of `state`. */
export function decideGrowth(state: State, cluster: Cluster, volume: ClusterVolume): GrowthConclusion {
  const policy = policyOf(state, volume.volume.name);
  const level = judgeLevel(volume, policy);
  const since = state.crossedSince.get(volume.volume.name) ?? null;
  const crossedSince = trackCrossing(since, level, cluster.now);
  const answer =
    whileRunning(state, volume) ??
    whetherWanted(volume, policy, level) ??
    whetherHeld(volume, policy, level, crossedSince, cluster.now) ??
    whetherAllowed(state, cluster, volume, policy, level) ??
    whetherPlanned(state, cluster, volume, policy, level);
  return {
    decision: {
      volume: volume.volume.name,
      kind: answer.kind,
      sentence: answer.sentence,
      reasons: [...(answer.reasons ?? [])],
      candidates: [...(answer.candidates ?? [])],
      plan: answer.plan?.id ?? answer.record?.plan.id ?? openProposal(state, volume.volume)?.plan.id ?? null,
    },
    plan: answer.plan ?? null,
    changed: answer.changed ?? null,
    limits: answer.limits ?? [],
    crossedSince,
    wakeAt: answer.wakeAt ?? null,
  };
}

function whileRunning(state: State, { volume }: ClusterVolume): Answer | null {
  const record = plansFor(state, volume).find((candidate) => candidate.status === 'running');
  return record === undefined ? null : describeRunning(record);
}

/** The decision's words for a plan that is being carried out. */
export function describeRunning(record: PlanRecord): Answer {
  const done = record.steps.filter((progress) => progress.status === 'done').length;
  const step = record.plan.steps[done];
  const progress = record.steps[done];
  const what = step === undefined ? '' : `: ${describeStep(step)}`;
  return {
    kind: 'growing',
    sentence: `${record.plan.goal.volume} is growing by ${record.plan.id}, step ${Math.min(done + 1, record.steps.length)} of ${record.steps.length}${what}`,
    reasons: progress?.message == null ? record.plan.reasons : [...record.plan.reasons, progress.message],
    candidates: record.plan.candidates,
    record,
  };
}

function whetherWanted({ volume, space }: ClusterVolume, policy: Policy, level: Level): Answer | null {
  const { name } = volume;
  if (policy.mode === 'off')
    return { kind: 'off', sentence: `the policy of ${name} is "off": Mortar only watches` };
  if (level.kind === 'unknown') {
    return {
      kind: 'blocked',
      sentence: `${name} is left alone: ${level.sentence}`,
      reasons: [level.sentence],
    };
  }
  const crossing = `${name} has ${describeFullest(level.fullest)}`;
  if (level.kind === 'above') {
    return {
      kind: 'nothing-to-do',
      sentence: `${crossing}, above the level of ${policy.level.freePercent} %`,
    };
  }
  if (space !== null && space.subvolumes > 1 && hasTarget(space, policy)) {
    // New bricks do not empty old ones: without this, a volume that was grown would be grown again after each cooldown.
    return {
      kind: 'nothing-to-do',
      sentence: `${crossing}, below ${policy.level.freePercent} %, but ${inPercent(freePercentOf(space))} over all its subvolumes, which is its target of ${policy.target.freePercent} %: more bricks would not empty that one, moving data would`,
    };
  }
  return null;
}

function whetherHeld(
  volume: ClusterVolume,
  policy: Policy,
  level: Level,
  crossedSince: number | null,
  now: number,
): Answer | null {
  const endsAt = (crossedSince ?? now) + policy.holdSeconds * 1000;
  if (endsAt <= now) return null;
  return {
    kind: 'waiting',
    sentence: `${describeCrossing(volume, policy, level)}; it is waiting whether that lasts for ${formatDuration(policy.holdSeconds * 1000)}, until ${atTime(endsAt)}`,
    wakeAt: endsAt,
  };
}

function whetherAllowed(
  state: State,
  cluster: Cluster,
  volume: ClusterVolume,
  policy: Policy,
  level: Level,
): Answer | null {
  const crossing = describeCrossing(volume, policy, level);
  const reasons = closedGates({ cluster, volume, running: runningPlans(state) });
  if (reasons.length > 0) {
    const more = reasons.length === 1 ? '' : ` (and ${counted(reasons.length - 1, 'more reason')})`;
    return {
      kind: 'blocked',
      sentence: `${crossing}, but must not change now: ${reasons[0]}${more}`,
      reasons,
    };
  }
  const endedAt = lastEndedAt(state, volume.volume);
  const endsAt = (endedAt ?? 0) + policy.cooldownSeconds * 1000;
  if (endedAt !== null && endsAt > cluster.now) {
    return {
      kind: 'waiting',
      sentence: `${crossing}; its last growth ended at ${atTime(endedAt)}, and it cools down until ${atTime(endsAt)}`,
      wakeAt: endsAt,
    };
  }
  const problems = policyProblems(policy);
  if (problems.length === 0) return null;
  return {
    kind: 'blocked',
    sentence: `${crossing}, but its policy is not sound: ${problems[0]}`,
    reasons: problems,
  };
}

function whetherPlanned(
  state: State,
  cluster: Cluster,
  volume: ClusterVolume,
  policy: Policy,
  level: Level,
): Answer {
  const crossing = describeCrossing(volume, policy, level);
  const { space } = volume;
  if (space === null) return { kind: 'blocked', sentence: `${crossing}, but its space is not known` };
  const growth = planGrowth(state, cluster, { volume, policy, before: space, trigger: crossing });
  if (growth.kind === 'planned') {
    const { plan, limits, changed } = growth;
    const isAuto = policy.mode === 'auto';
    return {
      kind: isAuto ? 'growing' : 'proposed',
      sentence: isAuto
        ? `${crossing}: ${plan.id} makes it grow`
        : `${crossing}: ${plan.id} would make it grow, and waits for approval`,
      reasons: plan.reasons,
      candidates: plan.candidates,
      plan,
      limits,
      changed,
    };
  }
  const { kind, reasons, candidates, limits, limitEndsAt, changed } = growth;
  return {
    kind: kind === 'no-room' ? 'no-room' : 'blocked',
    sentence: `${crossing}, but ${kind === 'no-room' ? 'there is no room to grow' : 'it must not grow'}: ${reasons[0]}`,
    reasons,
    candidates,
    limits,
    changed,
    wakeAt: limitEndsAt,
  };
}

/** `vol1 has 12.3 % free in subvolume 2 (gluster1:/bricks/b1/vol1-2), below 20 %`. */
function describeCrossing({ volume }: ClusterVolume, policy: Policy, level: Level): string {
  if (level.kind === 'unknown') return `${volume.name} is of unknown space`;
  return `${volume.name} has ${describeFullest(level.fullest)}, below ${policy.level.freePercent} %`;
}
