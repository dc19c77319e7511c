// Takes a plan back: at any time before its add-brick was ordered. Afterwards the bricks may be in the volume already,
// and what is left to do (the layout of old directories) makes it better, not worse. Directories that were made stay;
// they are empty, and later plans step around them.
import type { PlanId } from '../../../shared/model/names.ts';
import { isUnderWay, type PlanRecord } from '../../../shared/model/plan.ts';
import type { State } from '../state.ts';
import type { PlanChange } from './approve-plan.ts';

/** Cancels the plan `id` in the name of `who`; `now` is ms since 1970. */
export function cancelPlan(state: State, id: PlanId, who: string, now: number): PlanChange {
  const record = state.plans.get(id);
  if (record === undefined) return { ok: false, code: 'not-found', sentence: `there is no plan ${id}` };
  if (record.status !== 'proposed' && !isUnderWay(record.status)) {
    return { ok: false, code: 'conflict', sentence: `${id} has ended already: it is ${record.status}` };
  }
  if (hasOrderedChange(record)) {
    return {
      ok: false,
      code: 'conflict',
      sentence: `${id} cannot be cancelled any more: add-brick was ordered, and only finishing the plan leaves the volume whole`,
    };
  }
  return { ok: true, record: endPlan(record, `cancelled by ${who}`, now) };
}

/** The record of a plan that is cancelled at `now` because of `message`. */
export function endPlan(record: PlanRecord, message: string, now: number): PlanRecord {
  return { ...record, status: 'cancelled', endedAt: now, message };
}

function hasOrderedChange(record: PlanRecord): boolean {
  return record.plan.steps.some((step, index) => {
    const progress = record.steps[index];
    // Each of these is whole in itself, and leaves the volume as it was or better.
    if (step.kind === 'make-brick-directory' || step.kind === 'grow-filesystem') return false;
    if (progress === undefined) return false;
    return progress.attempts > 0 || progress.status !== 'waiting';
  });
}
