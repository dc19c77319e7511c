// A plan as the API shows it, PURE: what it is for and how far it is; in full with each step, each slot that was looked
// at, and its story.
import { type Static, Type } from 'typebox';
import { Decision } from '../../../shared/model/decision.ts';
import { VolumeName } from '../../../shared/model/names.ts';
import { Plan, PlanRecord, StepProgress } from '../../../shared/model/plan.ts';
import { Nullable } from '../../../shared/model/schema.ts';
import { describeStep, Step } from '../../../shared/model/step.ts';
import type { Preview } from '../../loop/coordination.ts';
import { JournalEntry, type JournalPage } from '../../store/store.ts';
import { Amount, Count, Page, writeCursor } from './page.ts';

const { id, hash, writtenAt, reasons, candidates, before, after, copysets, scatterWidth } = Plan.properties;
const { status, approvedBy, startedAt, endedAt, message } = PlanRecord.properties;

const summary = {
  id,
  volume: VolumeName,
  goal: Type.Literal('grow'),
  status,
  /** What is approved: the same steps for the same goal have the same hash. */
  hash,
  writtenAt,
  approvedBy,
  startedAt,
  endedAt,
  message,
  reasons,
  before,
  after,
  copysets,
  scatterWidth,
  progress: Type.Object({ total: Count, done: Count, ordered: Count, failed: Count }),
};

export const PlanSummary = Type.Object(summary);
export type PlanSummary = Static<typeof PlanSummary>;

export const PlanView = Type.Object({
  ...summary,
  steps: Type.Array(
    Type.Object({ index: Count, description: Type.String(), step: Step, progress: StepProgress }),
  ),
  candidates,
  /** What happened, oldest first; `limit` and `cursor` of the query are for it. */
  journal: Page(Type.Required(JournalEntry)),
});
export type PlanView = Static<typeof PlanView>;

export const PreviewView = Type.Object({
  /** What would be decided now, with every slot that was looked at and why not. */
  decision: Decision,
  /** The plan, or null when there is none to be had; the decision says why. */
  plan: Nullable(Plan),
  /** How long the space lasts by forecast, as it is and after the plan; null when nothing says that it fills. */
  timeToFull: Type.Object({ beforeMs: Amount, afterMs: Amount }),
  /** One line for each step of the plan. */
  descriptions: Type.Array(Type.String()),
  /** The plan as it was stored, when that was asked for. */
  proposed: Nullable(PlanSummary),
});
export type PreviewView = Static<typeof PreviewView>;

/** One line of the list of plans. */
export function summarizePlan({ plan, steps, ...record }: PlanRecord): PlanSummary {
  const count = (wanted: StepProgress['status']) => steps.filter((step) => step.status === wanted).length;
  return {
    id: plan.id,
    volume: plan.goal.volume,
    goal: plan.goal.kind,
    hash: plan.hash,
    writtenAt: plan.writtenAt,
    reasons: plan.reasons,
    before: plan.before,
    after: plan.after,
    copysets: plan.copysets,
    scatterWidth: plan.scatterWidth,
    status: record.status,
    approvedBy: record.approvedBy,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    message: record.message,
    progress: {
      total: plan.steps.length,
      done: count('done'),
      ordered: count('ordered'),
      failed: count('failed'),
    },
  };
}

/** A preview, and the record of the plan where it was stored. */
export function viewPreview({ decision, plan, timeToFull }: Preview, stored: PlanRecord | null): PreviewView {
  const shown = stored?.plan ?? plan;
  return {
    decision,
    plan: shown,
    timeToFull: { ...timeToFull },
    descriptions: shown === null ? [] : shown.steps.map(describeStep),
    proposed: stored && summarizePlan(stored),
  };
}

/** A plan with its steps and one page of its story. */
export function viewPlan(record: PlanRecord, journal: JournalPage): PlanView {
  return {
    ...summarizePlan(record),
    steps: record.plan.steps.flatMap((step, index) => {
      const progress = record.steps[index];
      return progress === undefined ? [] : [{ index, description: describeStep(step), step, progress }];
    }),
    candidates: record.plan.candidates,
    journal: {
      items: journal.items.map((entry) => ({
        ...entry,
        volume: entry.volume ?? null,
        server: entry.server ?? null,
        stepIndex: entry.stepIndex ?? null,
      })),
      next: journal.next === null ? null : writeCursor(String(journal.next)),
    },
  };
}
