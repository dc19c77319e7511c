// `mortar plans [ID]`: what was planned, and of one plan the whole story with times.
import type { Command } from 'commander';
import { formatDuration } from '../../../shared/lib/duration.ts';
import type { JournalAnswer, PlanAnswer, PlanInFull } from '../answers.ts';
import { apiCommand, type Run, runOf } from '../api-command.ts';
import { printable, renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { moment, ordinal, size } from '../wording.ts';

export function addPlansCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'plans [id]', 'plans, or one plan with its steps and what happened when')
    .option('--volume <name>', 'only this volume’s')
    .option('--status <status>', 'only those that are proposed, running, paused, done, failed or cancelled')
    .action(
      async (id: string | undefined, options: { volume?: string; status?: string }, command: Command) => {
        const run = runOf(command, terminal);
        if (id !== undefined) return await showPlan(run, id);
        const { volume, status } = options;
        const items = await run.client.list<PlanAnswer>('/v1/plans', { volume, status });
        run.show({ items }, (answer) => renderPlans(answer.items, terminal.width));
      },
    );
}

/** Writes one plan in full. */
export async function showPlan(run: Run, id: string): Promise<void> {
  const plan = await run.client.get<PlanInFull>(`/v1/plans/${encodeURIComponent(id)}`, { limit: 500 });
  run.show(plan, (answer) => renderPlan(answer, run.terminal.width));
}

/** The table of plans, as they come. */
export function renderPlans(plans: readonly PlanAnswer[], width: number | null): string {
  if (plans.length === 0) return 'There is no plan.\n';
  return renderTable(
    [
      { title: 'PLAN' },
      { title: 'VOLUME', canDrop: true },
      { title: 'STATUS' },
      { title: 'STEPS' },
      { title: 'GROWTH', canDrop: true },
      { title: 'WRITTEN', canDrop: true },
      { title: 'MESSAGE', canShrink: true },
    ],
    plans.map((plan) => [
      plan.id,
      plan.volume,
      plan.status,
      `${plan.progress.done}/${plan.progress.total}`,
      growthOf(plan),
      moment(plan.writtenAt).slice(0, 19),
      plan.message ?? '-',
    ]),
    width,
  );
}

/** "1.0 GiB → 2.0 GiB". */
export function growthOf({ before, after }: Pick<PlanAnswer, 'before' | 'after'>): string {
  return `${size(before.sizeBytes)} → ${size(after.sizeBytes)}`;
}

function renderPlan(plan: PlanInFull, width: number | null): string {
  const head = [
    `${plan.id}: grow ${plan.volume}, ${plan.status}${plan.message === null ? '' : ` (${plan.message})`}`,
    `size: ${growthOf(plan)}, bricks: ${plan.before.bricks} → ${plan.after.bricks}`,
    `hash: ${plan.hash}`,
    plan.approvedBy === null ? 'approved: not yet' : `approved: by ${plan.approvedBy}`,
    ...plan.reasons.map((reason) => `because ${reason}`),
  ];
  const steps = renderTable(
    [
      { title: 'STEP', align: 'right' },
      { title: 'STATUS' },
      { title: 'TRIES', align: 'right' },
      { title: 'WHAT', canShrink: true },
      { title: 'MESSAGE', canShrink: true },
    ],
    plan.steps.map(({ index, description, progress }) => [
      ordinal(index),
      progress.status,
      String(progress.attempts),
      description,
      progress.message ?? '-',
    ]),
    width,
  );
  return `${head.map(printable).join('\n')}\n\n${steps}\n${renderJournal(plan, width)}`;
}

function renderJournal({ journal, writtenAt }: PlanInFull, width: number | null): string {
  const row = ({ at, event, message }: JournalAnswer) => [
    moment(at),
    `+${formatDuration(Math.max(0, at - writtenAt))}`,
    event,
    message,
  ];
  const table = renderTable(
    [
      { title: 'WHEN' },
      { title: 'AFTER', align: 'right' },
      { title: 'EVENT' },
      { title: 'WHAT', canShrink: true },
    ],
    journal.items.map(row),
    width,
  );
  return journal.next === null ? table : `${table}The journal goes on; the API has the rest.\n`;
}
