// What to do about a volume's space now, and why: one decision per volume and activation, also when it is to wait. The
// questions are asked in a fixed order, and the first that stands in the way gives the decision its sentence.
import type { Decision, DecisionKind } from '../../../shared/model/decision.ts';
import { type Candidate, isUnderWay, type Plan, type PlanRecord } from '../../../shared/model/plan.ts';
import { type Policy, policyProblems } from '../../../shared/model/policy.ts';
import { describeStep } from '../../../shared/model/step.ts';
import type { Cluster, ClusterVolume } from '../cluster.ts';
import type { State } from '../state.ts';
import { counted } from '../wording.ts';
import { whyEnoughAsWhole } from './enough-as-whole.ts';
import { fillRateOf, judgeTrigger } from './fill-rate.ts';
import { closedGates } from './gates.ts';
import { describeFullest, isEmergency, type Level, trackCrossing } from './level.ts';
import { openProposal, plansFor, runningPlans } from './past-growths.ts';
import { planGrowth } from './plan-growth.ts';
import { policyOf } from './policy-of.ts';
import { type Crossings, type Wait, waitForCooldown, waitForHold, waitForWindow } from './waits.ts';

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
  /** The same for the emergency level. */
  readonly emergencySince: number | null;
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

/** What every question is asked about. */
interface Question {
  readonly state: State;
  readonly cluster: Cluster;
  readonly volume: ClusterVolume;
  readonly policy: Policy;
  readonly level: Level;
  readonly crossings: Crossings;
}

/** Decides about `volume` of `cluster`, which is the view of `state`. */
export function decideGrowth(state: State, cluster: Cluster, volume: ClusterVolume): GrowthConclusion {
  const { name } = volume.volume;
  const { now } = cluster;
  const policy = policyOf(state, name);
  const level = judgeTrigger(state, volume, policy, now);
  const isBelow = level.kind === 'unknown' ? null : level.kind === 'below';
  const crossings = {
    crossedSince: trackCrossing(state.crossedSince.get(name) ?? null, isBelow, now),
    emergencySince: trackCrossing(
      state.emergencySince.get(name) ?? null,
      isEmergency(volume, level, policy),
      now,
    ),
  };
  const question: Question = { state, cluster, volume, policy, level, crossings };
  const answer =
    whileRunning(question) ??
    whetherWanted(question) ??
    whetherHeld(question) ??
    whetherAllowed(question) ??
    whetherPlanned(question);
  return {
    decision: {
      volume: name,
      kind: answer.kind,
      sentence: answer.sentence,
      reasons: [...(answer.reasons ?? [])],
      candidates: [...(answer.candidates ?? [])],
      plan: answer.plan?.id ?? answer.record?.plan.id ?? openProposal(state, volume.volume)?.plan.id ?? null,
    },
    plan: answer.plan ?? null,
    changed: answer.changed ?? null,
    limits: answer.limits ?? [],
    ...crossings,
    wakeAt: answer.wakeAt ?? null,
  };
}

function whileRunning({ state, volume: { volume } }: Question): Answer | null {
  const record = plansFor(state, volume).find((candidate) => isUnderWay(candidate.status));
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
    sentence: `${record.plan.goal.volume} is growing by ${record.plan.id}${record.status === 'paused' ? `, which is ${record.message ?? 'paused'}` : ''}, step ${Math.min(done + 1, record.steps.length)} of ${record.steps.length}${what}`,
    reasons: progress?.message == null ? record.plan.reasons : [...record.plan.reasons, progress.message],
    candidates: record.plan.candidates,
    record,
  };
}

function whetherWanted({ state, cluster, volume, policy, level }: Question): Answer | null {
  const { name } = volume.volume;
  const { space } = volume;
  if (policy.mode === 'off')
    return { kind: 'off', sentence: `the policy of ${name} is "off": Mortar only watches` };
  if (level.kind === 'unknown') {
    return {
      kind: 'blocked',
      sentence: `${name} is left alone: ${level.sentence}`,
      reasons: [level.sentence],
    };
  }
  if (level.kind === 'above') {
    return {
      kind: 'nothing-to-do',
      sentence: `${name} has ${describeFullest(level.fullest)}, above the level of ${policy.level.freePercent} %`,
    };
  }
  // New bricks do not empty old ones: without this, a volume that was grown would be grown again after each cooldown.
  const rate = fillRateOf(state, volume, policy, cluster.now);
  const why =
    space === null || space.subvolumes === 1 ? null : whyEnoughAsWhole(volume, space, policy, level, rate);
  return why === null ? null : { kind: 'nothing-to-do', sentence: `${name} has ${level.words}, but ${why}` };
}

function whetherHeld(question: Question): Answer | null {
  const { policy, crossings, cluster } = question;
  return waiting(question, waitForHold(policy, crossings, cluster.now));
}

function waiting(question: Question, wait: Wait | null): Answer | null {
  if (wait === null) return null;
  return {
    kind: 'waiting',
    sentence: `${describeCrossing(question)}; ${wait.words}`,
    wakeAt: wait.endsAt,
  };
}

function whetherAllowed(question: Question): Answer | null {
  const { state, cluster, volume, policy, crossings } = question;
  const crossing = describeCrossing(question);
  const reasons = closedGates({ cluster, volume, running: runningPlans(state), intent: state.intent });
  if (reasons.length > 0) {
    const more = reasons.length === 1 ? '' : ` (and ${counted(reasons.length - 1, 'more reason')})`;
    return {
      kind: 'blocked',
      sentence: `${crossing}, but must not change now: ${reasons[0]}${more}`,
      reasons,
    };
  }
  const problems = policyProblems(policy);
  if (problems.length > 0) {
    return {
      kind: 'blocked',
      sentence: `${crossing}, but its policy is not sound: ${problems[0]}`,
      reasons: problems,
    };
  }
  const wait =
    waitForCooldown(state, volume.volume, policy, crossings, cluster.now) ??
    // A person who approves is there to decide; only what starts by itself keeps to the window.
    (policy.mode === 'auto' ? waitForWindow(policy, cluster.now) : null);
  return waiting(question, wait);
}

function whetherPlanned(question: Question): Answer {
  const { state, cluster, volume, policy } = question;
  const crossing = describeCrossing(question);
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
function describeCrossing({ volume: { volume }, level }: Question): string {
  return `${volume.name} has ${level.kind === 'below' ? level.words : 'no level that is known'}`;
}
