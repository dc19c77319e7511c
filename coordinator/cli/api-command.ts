// What all commands share: the coordinator's address, `--json`, and where the answer goes.
import { type Command, Option } from 'commander';
import { type Client, createClient } from './client.ts';
import type { Terminal } from './terminal.ts';

export interface Run {
  readonly client: Client;
  readonly terminal: Terminal;
  /** Writes `value` as JSON where that was asked for, else what `render` makes of it. */
  show<T>(value: T, render: (value: T) => string): void;
}

/** A new command of `parent`, with `--url` and `--json`. `usage` is its name and arguments, as commander writes them. */
export function apiCommand(parent: Command, usage: string, summary: string): Command {
  return parent
    .command(usage)
    .description(summary)
    .addOption(
      new Option('--url <url>', 'address of the coordinator')
        .env('MORTAR_URL')
        .default('http://127.0.0.1:7480'),
    )
    .option('--json', 'answer as JSON, for programs');
}

/** What a command that was called runs on. */
export function runOf(command: Command, terminal: Terminal): Run {
  const { url, json } = command.opts<{ url: string; json?: boolean }>();
  return {
    client: createClient(url),
    terminal,
    show: (value, render) =>
      terminal.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : render(value)),
  };
}
