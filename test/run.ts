// npm test [-- FILTER …]: everything there is, the lab of real servers included. The arguments go to vitest.
import { runChecks } from './support/run-checks.ts';

process.exitCode = await runChecks({ projects: ['unit', 'lab'], vitestArgs: process.argv.slice(2) });
