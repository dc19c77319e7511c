// `mortar servers`: who reports, how fresh, and what could not be seen.
import type { Command } from 'commander';
import type { ServerAnswer } from '../answers.ts';
import { apiCommand, runOf } from '../api-command.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { ago, outOf } from '../wording.ts';

export function addServersCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'servers', 'servers, and how long ago each was heard of').action(
    async (_, command: Command) => {
      const run = runOf(command, terminal);
      const items = await run.client.list<ServerAnswer>('/v1/servers');
      run.show({ items }, (answer) => renderServers(answer.items, terminal.width));
    },
  );
}

/** The table of servers. */
export function renderServers(servers: readonly ServerAnswer[], width: number | null): string {
  if (servers.length === 0) return 'No server has reported yet.\n';
  return renderTable(
    [
      { title: 'SERVER', canShrink: true },
      { title: 'STATE' },
      { title: 'HEARD' },
      { title: 'GLUSTER' },
      { title: 'PEERS' },
      { title: 'BRICKS UP' },
      { title: 'SLOTS OK' },
      { title: 'NOT SEEN', canShrink: true },
    ],
    servers.map((server) => [
      server.name,
      server.isFresh ? 'fresh' : 'stale',
      ago(server.silentMs),
      server.glusterVersion ?? '?',
      outOf(server.peers?.connected, server.peers?.total),
      outOf(server.bricks?.up, server.bricks?.total),
      outOf(server.slots?.usable, server.slots?.total),
      server.failedSections.join(', ') || '-',
    ]),
    width,
  );
}
