// Holds a plan where it is, and lets it go on. A paused plan gives no order; one that is under way ends as it ends, and
// what it did is seen and noted. It still counts as the pool's one change: half of it may be done.
import type { PlanId } from '../../../shared/model/names.ts';
import type { PlanRecord } from '../../../shared/model/plan.ts';
import { describeFreeze } from '../growth/gates.ts';
import type { State } from '../state.ts';
import type { PlanChange } from './approve-plan.ts';

/** Pauses the running plan `id` in the name of `who`. */
export function pausePlan(state: State, id: PlanId, who: string): PlanChange {
  const record = state.plans.get(id);
  if (record === undefined) return { ok: false, code: 'not-found', sentence: `there is no plan ${id}` };
  if (record.status === 'running') {
    return { ok: true, record: { ...record, status: 'paused', message: `paused by ${who}` } };
  }
  return conflict(`${id} is ${record.status}, and only a running plan can be paused`);
}

/** Lets the paused plan `id` go on, in the name of whoever the journal names; `now` is ms since 1970. */
export function resumePlan(state: State, id: PlanId, now: number): PlanChange {
  const record = state.plans.get(id);
  if (record === undefined) return { ok: false, code: 'not-found', sentence: `there is no plan ${id}` };
  if (record.status === 'paused') {
    return { ok: true, record: { ...record, status: 'running', message: null, resumedAt: now } };
  }
  return conflict(`${id} is ${record.status}, and only a paused plan can be resumed`);
}

/** Why the plan gives no order now, whatever its steps say; null when it may. What is under way goes on all the same. */
export function whyHeld({ intent }: State, record: PlanRecord): string | null {
  if (record.status === 'paused') return record.message ?? 'paused';
  return intent.isFrozen ? describeFreeze(intent) : null;
}

function conflict(sentence: string): PlanChange {
  return { ok: false, code: 'conflict', sentence };
}
