// The record of a plan that nobody has let run yet.
import type { Plan, PlanRecord, StepProgress } from '../../../shared/model/plan.ts';

const untouched: StepProgress = {
  status: 'waiting',
  attempts: 0,
  orderId: null,
  orderedAt: null,
  deadline: null,
  retryAt: null,
  endedAt: null,
  message: null,
};

/** A record that waits for approval, with every step untouched. */
export function proposePlan(plan: Plan): PlanRecord {
  return {
    plan,
    status: 'proposed',
    approvedBy: null,
    startedAt: null,
    endedAt: null,
    message: null,
    steps: plan.steps.map(() => ({ ...untouched })),
  };
}
