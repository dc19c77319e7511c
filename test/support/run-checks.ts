// What `npm test` and `npm run check` have in common: types, lint, and vitest over some of its projects. Types and
// lint take about a second together, so they are told before the tests start and not in the middle of them.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findNatsServer } from '../../packaging/nats-server.ts';
import { describeError } from '../../shared/lib/errors.ts';
import { addCounts, type Counts, countTests, describeCounts, type VitestRun } from './count-tests.ts';

const root = join(import.meta.dirname, '../..');

/** The projects of vitest.config.ts to run, and what else vitest is to be told, for example a file to run alone. */
export type Checks = { projects: string[]; vitestArgs: string[] };

/**
 * Checks the types, the form, and runs the tests; writes what each said, then one line with the counts, in which
 * types and lint are one test each. Resolves to the exit code: 0, or 1 if anything failed.
 */
export async function runChecks({ projects, vitestArgs }: Checks): Promise<number> {
  await offerNatsServer();
  const [types, lint] = await Promise.all([
    runTool('types', ['typescript/bin/tsc', '--noEmit', '--project', '.']),
    runTool('lint', ['@biomejs/biome/bin/biome', 'ci', '--colors=off', '.']),
  ]);
  for (const tool of [types, lint]) say(`${tool.name}: ${tool.isGood ? 'passed' : `failed\n${tool.output}`}`);
  const tests = countTests(await runVitest(projects, vitestArgs), process.env.CI === 'true');

  const counts = addCounts([countOf(types), countOf(lint), tests]);
  say(describeCounts(counts));
  return counts.failed === 0 ? 0 : 1;
}

/** Puts a nats-server on PATH for whatever starts one. Without one the tests that need it fail, and say so. */
async function offerNatsServer(): Promise<void> {
  try {
    const program = await findNatsServer();
    process.env.PATH += delimiter + dirname(program);
    say(`nats-server: ${program}`);
  } catch (error) {
    say(`nats-server: ${describeError(error)}`);
  }
}

type ToolRun = { name: string; isGood: boolean; output: string };

async function runTool(name: string, [program = '', ...args]: string[]): Promise<ToolRun> {
  return new Promise((resolve) => {
    // 16 MB hold some 100,000 complaints; a tool that writes more is stopped, and has failed.
    const options = { cwd: root, maxBuffer: 16 * 1024 * 1024 };
    execFile(process.execPath, [programPath(program), ...args], options, (error, stdout, stderr) =>
      resolve({ name, isGood: error === null, output: stdout + stderr }),
    );
  });
}

async function runVitest(projects: string[], vitestArgs: string[]): Promise<VitestRun> {
  const scratch = await mkdtemp(join(tmpdir(), 'mortar-tests-'));
  const file = join(scratch, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const chosen = projects.map((project) => `--project=${project}`);
  try {
    const args = [programPath('vitest/vitest.mjs'), 'run', ...chosen, ...reporters, ...vitestArgs];
    const exitCode = await waitFor(spawn(process.execPath, args, { cwd: root, stdio: 'inherit' }));
    return { exitCode, report: await readReport(file) };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/**
 * Resolves to the exit code, null when a signal ended the child. On Ctrl-C the terminal tells the child as well: this
 * process only stays, so that the tests can clear up and be counted. SIGTERM it has to pass on.
 */
async function waitFor(child: ChildProcess): Promise<number | null> {
  const stay = (): void => {};
  const passOn = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', stay).on('SIGTERM', passOn);
  try {
    return await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  } finally {
    process.off('SIGINT', stay).off('SIGTERM', passOn);
  }
}

/** A report that is missing or cut off is what a vitest that crashed leaves: not an error here, but no report. */
async function readReport(file: string): Promise<VitestRun['report']> {
  return readFile(file, 'utf8')
    .then(JSON.parse)
    .catch(() => null);
}

function programPath(program: string): string {
  return join(root, 'node_modules', program);
}

function countOf({ isGood }: ToolRun): Counts {
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
