// `mortar bricks`: every brick, where it is and whether it runs.
import type { Command } from 'commander';
import type { BrickAnswer } from '../answers.ts';
import { apiCommand, runOf } from '../api-command.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { ordinal, size } from '../wording.ts';

export function addBricksCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'bricks', 'bricks of all volumes')
    .option('--volume <name>', 'only this volume’s')
    .option('--server <name>', 'only those on this server')
    .action(async (options: { volume?: string; server?: string }, command: Command) => {
      const run = runOf(command, terminal);
      const { volume, server } = options;
      const items = await run.client.list<BrickAnswer>('/v1/bricks', { volume, server });
      run.show({ items }, (answer) => renderBricks(answer.items, terminal.width));
    });
}

/** The table of bricks. */
export function renderBricks(bricks: readonly BrickAnswer[], width: number | null): string {
  if (bricks.length === 0) return 'No brick is known.\n';
  return renderTable(
    [
      { title: 'VOLUME' },
      { title: 'SUBVOLUME', align: 'right' },
      { title: 'BRICK', canShrink: true },
      { title: 'STATE' },
      { title: 'PORT', align: 'right', canDrop: true },
      { title: 'SIZE', align: 'right' },
      { title: 'FREE', align: 'right' },
      { title: 'HEALS', align: 'right' },
    ],
    bricks.map((brick) => [
      brick.volume,
      ordinal(brick.subvolume),
      `${brick.host}:${brick.path}${brick.isArbiter ? ' (arbiter)' : ''}`,
      stateOf(brick),
      brick.port === null ? '-' : String(brick.port),
      size(brick.sizeBytes),
      size(brick.freeBytes),
      brick.pendingHeals === null ? '?' : String(brick.pendingHeals),
    ]),
    width,
  );
}

function stateOf({ isUp, isFresh }: BrickAnswer): string {
  const state = isUp === null ? 'unknown' : isUp ? 'up' : 'down';
  return isFresh ? state : `${state} (stale)`;
}
