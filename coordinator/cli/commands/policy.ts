// `mortar policy [VOLUME]`: what Mortar may do for a volume, or for all that have no policy of their own; `--set` changes single values of it, `--file` all of it. The API
// is the one that checks, so that a misspelt limit is refused here as everywhere.
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { formatBytes } from '../../../shared/lib/bytes.ts';
import { formatDuration } from '../../../shared/lib/duration.ts';
import { MortarError } from '../../../shared/lib/errors.ts';
import { defaultPolicy, type Policy } from '../../../shared/model/policy.ts';
import { policyFields } from '../../../shared/model/policy-fields.ts';
import { weekdays } from '../../../shared/model/window.ts';
import type { ClusterAnswer, PolicyAnswer } from '../answers.ts';
import { apiCommand, runOf } from '../api-command.ts';
import type { Client } from '../client.ts';
import { applySettings, settingsOf } from '../settings.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export function addPolicyCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'policy [volume]', 'shows or sets what Mortar may do for a volume, or by default')
    .option(
      '--set <key=value...>',
      'change values: mode=auto level.freePercent=15 limits.maxSizeBytes=10TiB holdSeconds=5m',
    )
    .option('--explain', 'says of each value what it does, and why its default is what it is')
    .option('--file <file>', 'set the whole policy from a JSON file; "-" reads standard input')
    .action(async (volume: string | undefined, options: Options, command: Command) => {
      const run = runOf(command, terminal);
      if (volume === undefined) {
        const answer = await workOnDefaults(run.client, options);
        const whole = { policy: answer.defaults, isDefault: false };
        return run.show(answer, () => renderPolicy(whole, terminal.width, options));
      }
      const answer = await workOnVolume(run.client, volume, options);
      run.show(answer, (shown) => renderPolicy(shown, terminal.width, options));
    });
}

interface Options {
  set?: string[];
  file?: string;
  explain?: boolean;
}

async function workOnVolume(client: Client, volume: string, options: Options): Promise<PolicyAnswer> {
  const path = `/v1/volumes/${encodeURIComponent(volume)}/policy`;
  if (!isChange(options)) return client.get<PolicyAnswer>(path);
  const policy = await changed(options, async () => (await client.get<PolicyAnswer>(path)).policy);
  return client.send<PolicyAnswer>('PUT', path, policy);
}

async function workOnDefaults(client: Client, options: Options): Promise<ClusterAnswer> {
  const { changedAt, ...whole } = await client.get<ClusterAnswer>('/v1/cluster');
  if (!isChange(options)) return { ...whole, changedAt };
  const defaults = await changed(options, async () => whole.defaults);
  return client.send<ClusterAnswer>('PUT', '/v1/cluster', { ...whole, defaults });
}

function isChange({ set, file }: Options): boolean {
  return set !== undefined || file !== undefined;
}

async function changed({ set, file }: Options, present: () => Promise<Policy>): Promise<unknown> {
  const base = file === undefined ? await present() : await readPolicyFile(file);
  return applySettings(base, set ?? [], policyParts);
}

/** What a part of a policy that is "none" begins with when one of its values is set. */
const policyParts = {
  forecast: defaultPolicy.forecast,
  window: { days: [...weekdays], from: '00:00', to: '06:00' },
};

function renderPolicy(
  { policy, isDefault }: Pick<PolicyAnswer, 'policy' | 'isDefault'>,
  width: number | null,
  { explain }: Options,
): string {
  const rows = settingsOf(policy).map(([key = '', value = '']) => [key, value, inWords(key, value)]);
  const table = renderTable(
    [{ title: 'KEY' }, { title: 'VALUE', canShrink: true }, { title: '' }],
    rows,
    width,
  );
  const reasons = explain === true ? `\n${explanations()}` : '';
  return isDefault
    ? `${table}\nThis is the default; nobody has set one for this volume.\n${reasons}`
    : `${table}${reasons}`;
}

function explanations(): string {
  return policyFields()
    .map(({ key, fallback, description }) => `${key} (default ${fallback})\n  ${description}.\n`)
    .join('');
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
