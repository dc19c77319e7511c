// `mortar freeze` and `mortar thaw`: everything stands still, or may go on. Frozen, Mortar gives no order, whoever asks.
import type { Command } from 'commander';
import type { ClusterAnswer } from '../answers.ts';
import { apiCommand, type Run, runOf } from '../api-command.ts';
import type { Terminal } from '../terminal.ts';

export function addFreezeCommands(program: Command, terminal: Terminal): void {
  apiCommand(program, 'freeze', 'gives no order and starts no plan any more, in the whole cluster')
    .option('--reason <text>', 'why; it is shown wherever the freeze stands in the way')
    .action(async (options: { reason?: string }, command: Command) =>
      setFreeze(runOf(command, terminal), true, options.reason ?? null),
    );
  apiCommand(program, 'thaw', 'takes the freeze off').action(async (_, command: Command) =>
    setFreeze(runOf(command, terminal), false, null),
  );
}

async function setFreeze(run: Run, isFrozen: boolean, freezeReason: string | null): Promise<void> {
  const { defaults } = await run.client.get<ClusterAnswer>('/v1/cluster');
  const answer = await run.client.send<ClusterAnswer>('PUT', '/v1/cluster', {
    defaults,
    isFrozen,
    freezeReason,
  });
  run.show(answer, describe);
}

function describe({ isFrozen, freezeReason }: ClusterAnswer): string {
  if (!isFrozen) return 'The cluster is not frozen.\n';
  return `The cluster is frozen${freezeReason === null ? '' : `: ${freezeReason}`}. To let it go on: mortar thaw\n`;
}
