#!/usr/bin/env node
// The `mortar` command: a client of the coordinator's HTTP API and nothing else.
import { MortarError } from '../../shared/lib/errors.ts';
import { createProgram } from './program.ts';
import { printable } from './table.ts';
import { ownTerminal } from './terminal.ts';

// Whoever reads our output may have seen enough (`mortar bricks | head`), which is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await createProgram(ownTerminal()).parseAsync();
} catch (error) {
  if (!(error instanceof MortarError)) throw error;
  for (const line of error.message.split('\n')) process.stderr.write(`mortar: ${printable(line)}\n`);
  process.exitCode = 1;
}
