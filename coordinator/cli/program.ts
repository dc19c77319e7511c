// The command line as a value: every command, and where each writes.
import { Command } from 'commander';
import { version } from '../../shared/lib/version.ts';
import { addBricksCommand } from './commands/bricks.ts';
import { addForecastCommand } from './commands/forecast.ts';
import { addFreezeCommands } from './commands/freeze.ts';
import { addGrowCommand } from './commands/grow.ts';
import { addHealthCommand } from './commands/health.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addPlansCommand } from './commands/plans.ts';
import { addPolicyCommand } from './commands/policy.ts';
import { addServersCommand } from './commands/servers.ts';
import { addSlotsCommand } from './commands/slots.ts';
import { addStatusCommand } from './commands/status.ts';
import { addVolumesCommand } from './commands/volumes.ts';
import type { Terminal } from './terminal.ts';

/** The `mortar` command; `parseAsync` runs it and throws MortarError when it fails. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('mortar')
    .version(version)
    .description('Shows and steers a GlusterFS cluster that Mortar keeps.')
    .addHelpText('after', '\nExit codes: 0 fine, 1 error, 2 something to look at.')
    .showHelpAfterError('(--help says what there is)');
  addStatusCommand(program, terminal);
  addHealthCommand(program, terminal);
  addServersCommand(program, terminal);
  addVolumesCommand(program, terminal);
  addSlotsCommand(program, terminal);
  addBricksCommand(program, terminal);
  addPlansCommand(program, terminal);
  addPlanCommand(program, terminal);
  addPolicyCommand(program, terminal);
  addGrowCommand(program, terminal);
  addForecastCommand(program, terminal);
  addFreezeCommands(program, terminal);
  return program;
}
