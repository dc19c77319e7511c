// `mortar policy VOLUME`: what Mortar may do for a volume; `--set` changes single values of it, `--file` all of it. The API
// is the one that checks, so that a misspelt limit is refused here as everywhere.
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { formatBytes } from '../../../shared/lib/bytes.ts';
import { formatDuration } from '../../../shared/lib/duration.ts';
import { MortarError } from '../../../shared/lib/errors.ts';
import type { PolicyAnswer } from '../answers.ts';
import { apiCommand, runOf } from '../api-command.ts';
import { applySettings, settingsOf } from '../settings.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export function addPolicyCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'policy <volume>', 'shows or sets what Mortar may do for a volume')
    .option(
      '--set <key=value...>',
      'change values: mode=auto level.freePercent=15 limits.maxSizeBytes=10TiB holdSeconds=5m',
    )
    .option('--file <file>', 'set the whole policy from a JSON file; "-" reads standard input')
    .action(async (volume: string, options: { set?: string[]; file?: string }, command: Command) => {
      const run = runOf(command, terminal);
      const path = `/v1/volumes/${encodeURIComponent(volume)}/policy`;
      let answer: PolicyAnswer;
      if (options.file === undefined && options.set === undefined) {
        answer = await run.client.get<PolicyAnswer>(path);
      } else {
        const base =
          options.file === undefined
            ? (await run.client.get<PolicyAnswer>(path)).policy
            : await readPolicyFile(options.file);
        answer = await run.client.send<PolicyAnswer>('PUT', path, applySettings(base, options.set ?? []));
      }
      run.show(answer, (shown) => renderPolicy(shown, terminal.width));
    });
}

function renderPolicy({ policy, isDefault }: PolicyAnswer, width: number | null): string {
  const rows = settingsOf(policy).map(([key = '', value = '']) => [key, value, inWords(key, value)]);
  const table = renderTable(
    [{ title: 'KEY' }, { title: 'VALUE', canShrink: true }, { title: '' }],
    rows,
    width,
  );
  return isDefault ? `${table}\nThis is the default; nobody has set one.\n` : table;
}

/** What a number of bytes or seconds is for people. */
function inWords(key: string, value: string): string {
  if (value === 'none' || value === '0') return '';
  if (key.endsWith('Bytes')) return formatBytes(Number(value));
  return key.endsWith('Seconds') ? formatDuration(Number(value) * 1000) : '';
}

async function readPolicyFile(file: string): Promise<unknown> {
  try {
    return JSON.parse(file === '-' ? await text(process.stdin) : await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MortarError('bad-input', `the policy cannot be read from ${file}: ${why}`, { cause: error });
  }
}
