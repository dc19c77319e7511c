// `mortar slots`: where bricks could go, and why not where they could not.
import type { Command } from 'commander';
import type { SlotAnswer } from '../answers.ts';
import { apiCommand, runOf } from '../api-command.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { size } from '../wording.ts';

export function addSlotsCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'slots', 'places that the servers offer for bricks')
    .option('--server <name>', 'only this server’s')
    .action(async (options: { server?: string }, command: Command) => {
      const run = runOf(command, terminal);
      const items = await run.client.list<SlotAnswer>('/v1/slots', { server: options.server });
      run.show({ items }, (answer) => renderSlots(answer.items, terminal.width));
    });
}

function renderSlots(slots: readonly SlotAnswer[], width: number | null): string {
  if (slots.length === 0)
    return 'No server offers a slot; slots are listed in /etc/mortar/agent.toml of each server.\n';
  return renderTable(
    [
      { title: 'SERVER', canShrink: true },
      { title: 'SLOT', canShrink: true },
      { title: 'SIZE', align: 'right' },
      { title: 'FREE', align: 'right' },
      { title: 'BRICKS', canShrink: true },
      { title: 'STATE', canShrink: true },
    ],
    slots.map((slot) => [
      slot.server,
      slot.path,
      size(slot.sizeBytes),
      size(slot.freeBytes),
      [...new Set(slot.bricks.map((brick) => brick.volume))].join(', ') || '-',
      slot.problem?.sentence ?? (slot.isFresh ? 'ok' : 'stale'),
    ]),
    width,
  );
}
