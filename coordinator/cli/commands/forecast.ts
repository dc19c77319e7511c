// `mortar forecast VOLUME`: when each subvolume will be full, with a range, and how fast it fills.
import type { Command } from 'commander';
import { formatDuration } from '../../../shared/lib/duration.ts';
import type { ForecastAnswer } from '../answers.ts';
import { apiCommand, runOf } from '../api-command.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { ordinal, size } from '../wording.ts';

export function addForecastCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'forecast <volume>', 'when a volume’s subvolumes will be full').action(
    async (name: string, _, command: Command) => {
      const run = runOf(command, terminal);
      const path = `/v1/volumes/${encodeURIComponent(name)}/forecast`;
      const forecast = await run.client.get<ForecastAnswer>(path);
      run.show(forecast, (answer) => renderForecast(answer, terminal.width));
    },
  );
}

function renderForecast({ subvolumes, asOf, leadTimeMs }: ForecastAnswer, width: number | null): string {
  const until = (time: number) => formatDuration(Math.max(0, time - asOf));
  const table = renderTable(
    [
      { title: 'SUBVOLUME', align: 'right' },
      { title: 'FREE', align: 'right' },
      { title: 'A DAY', align: 'right' },
      { title: 'FULL IN' },
      { title: 'BETWEEN' },
      { title: 'HISTORY', canDrop: true },
      { title: 'WHY', canShrink: true },
    ],
    subvolumes.map(({ index, freeBytes, bytesPerDay, fullAt, historyMs, sentence }) => [
      ordinal(index),
      size(freeBytes),
      bytesPerDay === null ? '-' : size(Math.round(bytesPerDay)),
      fullAt === null ? '-' : until(fullAt.likely),
      fullAt === null
        ? '-'
        : `${until(fullAt.early)} and ${fullAt.late === null ? 'never' : until(fullAt.late)}`,
      historyMs === null ? 'none' : formatDuration(historyMs),
      sentence,
    ]),
    width,
  );
  const lead =
    leadTimeMs === null
      ? 'The policy takes no notice of forecasts.'
      : `It grows when a subvolume will be full within ${formatDuration(leadTimeMs)}.`;
  return `${table}\n${lead}\n`;
}
