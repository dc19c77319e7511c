// From "this volume is to grow" to a plan that was checked, or to the reason why there is none. Used alike by the
// activation, the preview and the approval, so that what is shown is what is run.
import { formatBytes } from '../../../shared/lib/bytes.ts';
import { formatDuration } from '../../../shared/lib/duration.ts';
import type { Candidate, Plan, PlanRecord, Space } from '../../../shared/model/plan.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Cluster, ClusterVolume } from '../cluster.ts';
import { shapeOf } from '../placement/brick-set.ts';
import { reservationsFor } from '../placement/reservations.ts';
import type { PlacementInput } from '../placement/want.ts';
import { checkPlan } from '../planning/check-plan.ts';
import { whyNoLongerHolds } from '../planning/plan-holds.ts';
import { writePlan } from '../planning/write-plan.ts';
import type { State } from '../state.ts';
import { counted, inPercent } from '../wording.ts';
import { fillRateOf, lasts } from './fill-rate.ts';
import { growInPlace } from './grow-in-place.ts';
import { openProposal, startsWithinDay } from './past-growths.ts';
import { whyNoDataMove } from './rebalance-choice.ts';
import { freePercentOf, type GrowthSize, sizeGrowth, spaceAfter } from './size-growth.ts';

export type GrowthPlan =
  | {
      readonly kind: 'planned';
      /** The volume's open proposal as it stands, where that still holds; else a new plan. */
      readonly plan: Plan;
      readonly limits: readonly string[];
      /** Why the open proposal does not hold any more; null when there was none, or when it is `plan`. */
      readonly changed: string | null;
    }
  | {
      readonly kind: 'limited' | 'no-room' | 'refused';
      /** What stands in the way; one sentence each, at least one. */
      readonly reasons: readonly string[];
      readonly limits: readonly string[];
      readonly limitEndsAt: number | null;
      readonly candidates: Candidate[];
      readonly changed: string | null;
    };

/**
 * The plan for growing `volume`, whose space is `before`, and why there is none. `trigger` is its first reason.
 * `proposal` is the plan that is kept if it still holds; left out, it is the volume's open proposal.
 */
export function planGrowth(
  state: State,
  cluster: Cluster,
  growth: { volume: ClusterVolume; policy: Policy; before: Space; trigger: string; proposal?: PlanRecord },
): GrowthPlan {
  const { volume, policy, before } = growth;
  const proposal = growth.proposal ?? openProposal(state, volume.volume);
  const inPlace = growInPlace(state, cluster, growth);
  if (inPlace !== null) return keepProposal(inPlace, proposal);
  const input: PlacementInput = {
    cluster,
    volume,
    reserved: reservationsFor(volume.volume, state.plans.values(), proposal),
    minFreePercent: policy.level.freePercent,
  };
  const starts = startsWithinDay(state, volume.volume, cluster.now);
  const bytesPerDay = fillRateOf(state, volume, policy, cluster.now);
  const size = sizeGrowth({ ...input, before, policy, starts, bytesPerDay });
  const count = size.placement.sets.length;
  const changed = proposal === undefined ? null : whyNoLongerHolds(proposal.plan, input, policy, count);
  if (count === 0) return withoutPlan(size, changed);
  if (proposal !== undefined && changed === null) {
    return { kind: 'planned', plan: proposal.plan, limits: size.limits, changed };
  }
  const after = spaceAfter(before, shapeOf(volume.volume).members, size.placement.sets);
  const plan = writePlan(
    {
      volume,
      policy,
      sets: size.placement.sets,
      reasons: [growth.trigger, ...reasonsFor(volume, size, policy, before, after, bytesPerDay)],
      candidates: size.placement.candidates,
      before,
      after,
      copysets: size.placement.copysets,
      scatterWidth: size.placement.scatterWidth,
      taken: state.plans,
    },
    cluster.now,
  );
  const violations = checkPlan(plan, cluster, policy);
  if (violations.length === 0) return { kind: 'planned', plan, limits: size.limits, changed };
  return {
    kind: 'refused',
    reasons: violations.map(({ law, sentence }) =>
      typeof law === 'number' ? `law ${law} would be broken: ${sentence}` : sentence,
    ),
    limits: size.limits,
    limitEndsAt: null,
    candidates: size.placement.candidates,
    changed,
  };
}

/** The proposal where it is of the same steps as `plan`, which was written now; else `plan`. */
function keepProposal(plan: Plan, proposal: PlanRecord | undefined): GrowthPlan {
  if (proposal?.plan.hash === plan.hash) {
    return { kind: 'planned', plan: proposal.plan, limits: [], changed: null };
  }
  const changed = 'a filesystem can be grown where it is, which comes first';
  return { kind: 'planned', plan, limits: [], changed: proposal === undefined ? null : changed };
}

function withoutPlan({ placement, limits, limitEndsAt }: GrowthSize, changed: string | null): GrowthPlan {
  const { candidates, missing } = placement;
  if (limits.length > 0)
    return { kind: 'limited', reasons: limits, limits, limitEndsAt, candidates, changed };
  const reasons = [missing ?? 'no slot can take a brick'];
  return { kind: 'no-room', reasons, limits, limitEndsAt, candidates, changed };
}

function reasonsFor(
  volume: ClusterVolume,
  size: GrowthSize,
  policy: Policy,
  before: Space,
  after: Space,
  bytesPerDay: number | null,
): string[] {
  const { sets, missing } = size.placement;
  const target = policy.target.freePercent;
  const grown = `${counted(sets.length, 'more subvolume')} ${sets.length === 1 ? 'brings' : 'bring'} the volume from ${inPercent(freePercentOf(before))} to ${inPercent(freePercentOf(after))} free; the target is ${target} %`;
  const lasting =
    bytesPerDay === null
      ? []
      : [
          `at ${formatBytes(Math.round(bytesPerDay))} a day the volume as a whole lasts ${formatDuration(lasts(before, bytesPerDay) ?? 0)} as it is and ${formatDuration(lasts(after, bytesPerDay) ?? 0)} afterwards`,
        ];
  const why = policy.rebalance === 'data' ? whyNoDataMove(volume) : null;
  const unmoved = why === null ? [] : [`only the layout is fixed: ${why}`];
  return [
    grown,
    ...lasting,
    ...unmoved,
    ...size.limits,
    ...(missing === null ? [] : [`no more than that is possible: ${missing}`]),
  ];
}
