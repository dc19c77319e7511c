// The journal's lines of one activation, derived by comparing each plan with what it was before. PURE, so that the
// timeline that people read cannot say anything that did not change.

import type { PlanRecord, StepProgress } from '../../shared/model/plan.ts';
import { describeStep } from '../../shared/model/step.ts';
import type { Reconciliation, State } from '../core/state.ts';
import type { JournalEntry } from '../store/store.ts';

/** One entry for each plan written, started or ended, each order sent and each step ended; times are `now`, ms. */
export function journalEntries(before: State, reconciliation: Reconciliation, now: number): JournalEntry[] {
  return reconciliation.plans.flatMap((record) => entriesOf(before.plans.get(record.plan.id), record, now));
}

function entriesOf(before: PlanRecord | undefined, after: PlanRecord, now: number): JournalEntry[] {
  const entries: JournalEntry[] = [];
  const plan = after.plan.id;
  if (before === undefined) {
    entries.push({ at: now, plan, event: 'plan-written', message: after.plan.reasons.join('; ') });
  }
  if (after.status === 'running' && before?.status !== 'running') {
    entries.push({
      at: now,
      plan,
      event: 'approved',
      message: `approved by ${after.approvedBy ?? 'nobody'}`,
    });
  }
  after.steps.forEach((progress, stepIndex) => {
    const step = after.plan.steps[stepIndex];
    if (step === undefined) return;
    for (const { event, message } of changesOf(before?.steps[stepIndex], progress)) {
      entries.push({
        at: now,
        plan,
        event,
        server: step.server,
        stepIndex,
        message: `${describeStep(step)}${message === null ? '' : `: ${message}`}`,
      });
    }
  });
  if (before?.status !== after.status && ['done', 'failed', 'cancelled'].includes(after.status)) {
    entries.push({
      at: now,
      plan,
      event: 'plan-ended',
      message: `${after.status}${after.message === null ? '' : `: ${after.message}`}`,
    });
  }
  return entries;
}

function changesOf(
  before: StepProgress | undefined,
  after: StepProgress,
): { event: JournalEntry['event']; message: string | null }[] {
  const changes: { event: JournalEntry['event']; message: string | null }[] = [];
  if (after.attempts > (before?.attempts ?? 0)) {
    changes.push({ event: 'order-sent', message: after.attempts > 1 ? `attempt ${after.attempts}` : null });
  }
  if (after.status !== before?.status && (after.status === 'done' || after.status === 'failed')) {
    changes.push({ event: after.status === 'done' ? 'step-done' : 'step-failed', message: after.message });
  }
  return changes;
}
