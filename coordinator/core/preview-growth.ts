// What growing a volume would do, asked by a person: the same plan that an activation would write, whatever the policy's
// mode, level, hold and cooldown say. Gates that are closed are told, and the plan is shown all the same.
import type { Decision } from '../../shared/model/decision.ts';
import type { VolumeName } from '../../shared/model/names.ts';
import type { Candidate, Plan } from '../../shared/model/plan.ts';
import { type Policy, policyProblems } from '../../shared/model/policy.ts';
import type { Cluster, ClusterVolume } from './cluster.ts';
import { fillRateOf, lasts, lastsUntilFirstFull } from './growth/fill-rate.ts';
import { closedGates } from './growth/gates.ts';
import { describeFullest, judgeLevel } from './growth/level.ts';
import { runningPlans } from './growth/past-growths.ts';
import { planGrowth } from './growth/plan-growth.ts';
import { policyOf } from './growth/policy-of.ts';
import type { State } from './state.ts';
import { viewCluster } from './view-cluster.ts';

export interface GrowthPreview {
  /** proposed, or why the plan could not be carried out now (blocked), or why there is none (blocked, no-room). */
  readonly decision: Decision;
  readonly plan: Plan | null;
  readonly candidates: Candidate[];
  /** How long the space lasts by forecast, ms; null when nothing says that it fills. */
  readonly timeToFull: { readonly beforeMs: number | null; readonly afterMs: number | null };
}

/** The preview for the volume of that name at `now` (ms since 1970); null when no server knows such a volume. */
export function previewGrowth(state: State, name: VolumeName, now: number): GrowthPreview | null {
  const cluster = viewCluster(state, now);
  const volume = cluster.volumes.find((candidate) => candidate.volume.name === name);
  if (volume === undefined) return null;
  const policy = policyOf(state, name);
  const shown = preview(state, cluster, volume, policy);
  const rate = fillRateOf(state, volume, policy, now);
  return {
    ...shown,
    timeToFull: {
      beforeMs: lastsUntilFirstFull(state, volume, policy, now),
      afterMs: shown.plan === null ? null : lasts(shown.plan.after, rate),
    },
  };
}

function preview(state: State, cluster: Cluster, volume: ClusterVolume, policy: Policy): Shown {
  const { name } = volume.volume;
  const level = judgeLevel(volume, policy);
  if (level.kind === 'unknown' || volume.space === null) {
    const why = level.kind === 'unknown' ? level.sentence : 'its space is not known';
    return answer(volume, 'blocked', `${name} cannot be grown: ${why}`, [why], null, []);
  }
  const trigger = `${name} has ${describeFullest(level.fullest)}`;
  const growth = planGrowth(state, cluster, { volume, policy, before: volume.space, trigger });
  const gates = [
    ...closedGates({ cluster, volume, running: runningPlans(state), intent: state.intent }),
    ...policyProblems(policy),
  ];
  if (growth.kind === 'planned') {
    const { plan } = growth;
    if (gates.length > 0) {
      return answer(
        volume,
        'blocked',
        `${trigger}, but must not change now: ${gates[0]}`,
        gates,
        plan,
        plan.candidates,
      );
    }
    return answer(
      volume,
      'proposed',
      `${trigger}: ${plan.id} would make it grow`,
      plan.reasons,
      plan,
      plan.candidates,
    );
  }
  const kind = growth.kind === 'no-room' ? 'no-room' : 'blocked';
  const reasons = [...growth.reasons, ...gates];
  const obstacle = kind === 'no-room' ? 'there is no room to grow' : 'it must not grow';
  return answer(volume, kind, `${trigger}, but ${obstacle}: ${reasons[0]}`, reasons, null, growth.candidates);
}

type Shown = Omit<GrowthPreview, 'timeToFull'>;

function answer(
  { volume }: ClusterVolume,
  kind: Decision['kind'],
  sentence: string,
  reasons: readonly string[],
  plan: Plan | null,
  candidates: Candidate[],
): Shown {
  const decision = {
    volume: volume.name,
    kind,
    sentence,
    reasons: [...reasons],
    candidates,
    plan: plan?.id ?? null,
  };
  return { decision, plan, candidates };
}
