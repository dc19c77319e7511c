// `mortar health`: one line and the findings; made for monitoring, so the exit code says it too.
import type { Command } from 'commander';
import type { HealthAnswer } from '../answers.ts';
import { apiCommand, runOf } from '../api-command.ts';
import { printable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export function addHealthCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'health', 'what is wrong; exits with 2 when it is not "ok"').action(
    async (_, command: Command) => {
      const run = runOf(command, terminal);
      const health = await run.client.get<HealthAnswer>('/v1/health');
      run.show(health, (answer) => renderHealth(answer, terminal) + renderFindings(answer));
      if (health.status !== 'ok') terminal.exitWith(2);
    },
  );
}

const colours = { ok: 'green', warning: 'yellow', critical: 'red' } as const;

/** The health in one line. */
export function renderHealth({ status, summary }: HealthAnswer, terminal: Terminal): string {
  return `${terminal.paint(status.toUpperCase(), colours[status])}  ${printable(summary)}\n`;
}

function renderFindings({ findings, counts }: HealthAnswer): string {
  const lines = findings.map(
    ({ severity, code, subject, sentence, remedy }) =>
      `\n${severity} ${code} ${printable(subject)}\n  ${printable(sentence)}\n  ${printable(remedy)}\n`,
  );
  const total = counts.findings.critical + counts.findings.warning + counts.findings.info;
  if (total > findings.length) lines.push(`\nand ${total - findings.length} more\n`);
  return lines.join('');
}
