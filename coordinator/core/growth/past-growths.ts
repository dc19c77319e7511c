// What plans did to a volume before, as far as it bears on the next one: how many growths in a day, when the last ended.
// Plans are matched by the volume's id, so that a volume made anew under an old name starts with a clean record.

import { compareText, valuesByKey } from '../../../shared/lib/compare-text.ts';
import { isUnderWay, type PlanRecord } from '../../../shared/model/plan.ts';
import type { Volume } from '../../../shared/model/volume.ts';
import type { State } from '../state.ts';

export const dayMs = 86_400_000;

/** All plans of a volume, sorted by id. */
export function plansFor(state: State, volume: Volume): PlanRecord[] {
  return valuesByKey(state.plans).filter((record) => record.plan.goal.volumeId === volume.id);
}

/** All plans that are being carried out, paused ones too, sorted by when they were started, then by id. */
export function runningPlans(state: State): PlanRecord[] {
  return valuesByKey(state.plans)
    .filter((record) => isUnderWay(record.status))
    .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
}

/** The newest proposal that waits for approval; undefined when there is none. An activation ends all others. */
export function openProposal(state: State, volume: Volume): PlanRecord | undefined {
  return plansFor(state, volume)
    .filter((record) => record.status === 'proposed')
    .sort((a, b) => b.plan.writtenAt - a.plan.writtenAt || compareText(b.plan.id, a.plan.id))[0];
}

/**
 * The volume's plans that ended, done or failed, by when they did. A cancelled plan did nothing, and one that only grew
 * filesystems where they are took no slot: nothing has to settle before the volume is judged again.
 */
export function endedGrowths(state: State, volume: Volume): PlanRecord[] {
  return plansFor(state, volume)
    .filter((record) => record.status === 'done' || record.status === 'failed')
    .filter((record) => record.plan.steps.some((step) => step.kind === 'add-brick'))
    .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
}

/** When each growth of the last 24 hours was started, oldest first; failed ones count, or a failing plan would repeat for ever. */
export function startsWithinDay(state: State, volume: Volume, now: number): number[] {
  return plansFor(state, volume)
    .filter((record) => record.status !== 'proposed' && record.status !== 'cancelled')
    .map((record) => record.startedAt ?? 0)
    .filter((startedAt) => startedAt > now - dayMs)
    .sort((a, b) => a - b);
}
