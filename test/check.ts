// npm run check [-- FILTER …]: what needs neither root nor other machines, in under a minute. The arguments go to vitest.
import { runChecks } from './support/run-checks.ts';

process.exitCode = await runChecks({ projects: ['unit'], vitestArgs: process.argv.slice(2) });
