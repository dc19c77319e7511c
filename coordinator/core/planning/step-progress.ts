// A plan's record as its steps are ordered, done and redone. A record is never changed in place: each of these gives a
// new one, or the same where nothing changes, so that an activation saves only what is new.
import type { Order } from '../../../shared/model/order.ts';
import type { PlanRecord, StepProgress } from '../../../shared/model/plan.ts';
import type { Step } from '../../../shared/model/step.ts';
import { stepRules } from './step-rules.ts';

/** The epoch of the step's newest order; 0 when it has none. */
export function epochOf(progress: StepProgress): number {
  return Number(progress.orderId?.split('.')[0] ?? 0);
}

/** The order for a step; `attempt` from 1, `now` in ms since 1970. */
export function orderFor(
  epoch: number,
  { plan }: PlanRecord,
  stepIndex: number,
  step: Step,
  attempt: number,
  now: number,
): Order {
  return {
    id: `${epoch}.${plan.id}.${stepIndex}.${attempt}`,
    epoch,
    plan: plan.id,
    stepIndex,
    server: step.server,
    issuedAt: now,
    deadline: now + stepRules[step.kind].limitMs,
    step,
  };
}

/** The record after `order` was given for the step at `index`. */
export function withOrder(record: PlanRecord, index: number, order: Order): PlanRecord {
  const attempts = (record.steps[index]?.attempts ?? 0) + 1;
  return withStep(record, index, {
    status: 'ordered',
    attempts,
    orderId: order.id,
    orderedAt: order.issuedAt,
    deadline: order.deadline,
    retryAt: null,
    message: null,
  });
}

/** The record with a change of one step; the same object when nothing changes. */
export function withStep(record: PlanRecord, index: number, change: Partial<StepProgress>): PlanRecord {
  const before = record.steps[index];
  if (before === undefined) return record;
  const isSame = Object.entries(change).every(([key, value]) => before[key as keyof StepProgress] === value);
  if (isSame) return record;
  return { ...record, steps: record.steps.with(index, { ...before, ...change }) };
}

/** The record with those steps right before `index` waiting again that a refusal of the step at `index` may have undone. */
export function withRedone(record: PlanRecord, index: number): PlanRecord {
  let redone = record;
  for (let at = index - 1; at >= 0; at -= 1) {
    const step = record.plan.steps[at];
    if (step === undefined || !stepRules[step.kind].isUndoneByRefusal) break;
    redone = withStep(redone, at, { status: 'waiting', orderId: null, endedAt: null });
  }
  return redone;
}
