// `mortar plan show|approve|pause|resume|cancel ID`: what a person decides about a plan.
import type { Command } from 'commander';
import type { PlanAnswer } from '../answers.ts';
import { apiCommand, type Run, runOf } from '../api-command.ts';
import type { Terminal } from '../terminal.ts';
import { growthOf, showPlan } from './plans.ts';

export function addPlanCommand(program: Command, terminal: Terminal): void {
  const plan = program.command('plan').description('shows, approves, pauses, resumes or cancels a plan');

  apiCommand(plan, 'show <id>', 'the steps, and what happened when').action(
    async (id: string, _, command: Command) => showPlan(runOf(command, terminal), id),
  );

  apiCommand(plan, 'approve <id>', 'lets a proposed plan run')
    .option('--hash <hash>', 'the hash that was shown; without it, the plan as it stands now')
    .action(async (id: string, options: { hash?: string }, command: Command) => {
      const run = runOf(command, terminal);
      const hash = options.hash ?? (await run.client.get<PlanAnswer>(pathOf(id))).hash;
      showAnswer(run, await run.client.send('POST', `${pathOf(id)}/approve`, { hash }));
    });

  for (const [verb, summary] of [
    ['pause', 'holds a running plan: what is under way ends, and nothing more is ordered'],
    ['resume', 'lets a paused plan go on'],
  ] as const) {
    apiCommand(plan, `${verb} <id>`, summary).action(async (id: string, _, command: Command) => {
      const run = runOf(command, terminal);
      showAnswer(run, await run.client.send('POST', `${pathOf(id)}/${verb}`, {}));
    });
  }

  apiCommand(plan, 'cancel <id>', 'ends a plan that is proposed or running').action(
    async (id: string, _, command: Command) => {
      const run = runOf(command, terminal);
      showAnswer(run, await run.client.send('POST', `${pathOf(id)}/cancel`, {}));
    },
  );
}

function showAnswer(run: Run, plan: PlanAnswer): void {
  run.show(plan, ({ id, volume, status }) => `${id}: ${status} (grow ${volume}, ${growthOf(plan)})\n`);
}

function pathOf(id: string): string {
  return `/v1/plans/${encodeURIComponent(id)}`;
}
