// What plans did to a volume before, as far as it bears on the next one: how many growths in a day, when the last ended.
// Plans are matched by the volume's id, so that a volume made anew under an old name starts with a clean record.
import type { PlanRecord } from '../../../shared/model/plan.ts';
import type { Volume } from '../../../shared/model/volume.ts';
import { compareText, valuesByKey } from '../compare-text.ts';
import type { State } from '../state.ts';

export const dayMs = 86_400_000;

/** All plans of a volume, sorted by id. */
export function plansFor(state: State, volume: Volume): PlanRecord[] {
  return valuesByKey(state.plans).filter((record) => record.plan.goal.volumeId === volume.id);
}

/** All plans that are being carried out, sorted by when they were started, then by id. */
export function runningPlans(state: State): PlanRecord[] {
  return valuesByKey(state.plans)
    .filter((record) => record.status === 'running')
    .sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
}

/** The newest proposal that waits for approval; undefined when there is none. An activation ends all others. */
export function openProposal(state: State, volume: Volume): PlanRecord | undefined {
  return plansFor(state, volume)
    .filter((record) => record.status === 'proposed')
    .sort((a, b) => b.plan.writtenAt - a.plan.writtenAt || compareText(b.plan.id, a.plan.id))[0];
}

/** When the volume's last plan ended, done or failed (ms since 1970); null when none has. A cancelled plan did nothing. */
export function lastEndedAt(state: State, volume: Volume): number | null {
  const ends = plansFor(state, volume)
    .filter((record) => record.status === 'done' || record.status === 'failed')
    .map((record) => record.endedAt ?? 0);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** When each growth of the last 24 hours was started, oldest first; failed ones count, or a failing plan would repeat for ever. */
export function startsWithinDay(state: State, volume: Volume, now: number): number[] {
  return plansFor(state, volume)
    .filter((record) => record.status !== 'proposed' && record.status !== 'cancelled')
    .map((record) => record.startedAt ?? 0)
    .filter((startedAt) => startedAt > now - dayMs)
    .sort((a, b) => a - b);
}
