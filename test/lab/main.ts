// The lab by hand, for people who develop Mortar. `up` stays in the foreground and owns the lab: Ctrl-C takes it down. The
// other commands run beside it, in a second terminal; what they do lasts, since the lab's state is on disk and in the kernel.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command, InvalidArgumentError, Option } from 'commander';
import { describeError, MortarError } from '../../shared/lib/errors.ts';
import { withFileLock } from './file-lock.ts';
import { createLab } from './lab.ts';
import { distributions, type LabRecord, labsLock, listLabs, readRecord } from './lab-record.ts';
import { clearLeftovers } from './leftovers.ts';
import { isAlive } from './process-identity.ts';
import { missingForLab } from './requirements.ts';
import { enterCommand } from './run-inside.ts';
import { openServer, type Server } from './server.ts';
import { waitFor } from './wait.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const name = (): string => program.opts<{ lab: string }>().lab;

const program = new Command('lab')
  .description('Real Debian servers on this machine: gluster1, gluster2, …')
  .addOption(new Option('--lab <name>', 'which of several labs').default('dev'))
  .enablePositionalOptions();

type UpOptions = {
  distribution: (typeof distributions)[number];
  servers: number;
  disks: number;
  diskMb: number;
  pool?: true;
};

program
  .command('up')
  .description('boot servers; stays until Ctrl-C, which takes them down')
  .addOption(new Option('--distribution <name>').choices(distributions).default('bookworm'))
  .addOption(new Option('--servers <count>').default(3).argParser(count))
  .addOption(new Option('--disks <count>', 'blank disks of each').default(2).argParser(count))
  .addOption(new Option('--disk-mb <megabytes>', 'size of a disk').default(1024).argParser(count))
  .option('--pool', 'start glusterd and make one pool of them')
  .action(up);
program
  .command('on <server> <command...>')
  .description('run a command, as root')
  .passThroughOptions()
  .action(on);
program
  .command('cut <server>')
  .description('pull its network cable')
  .action((at) => server(at).cutNetwork());
program
  .command('heal <server>')
  .description('plug it in again')
  .action((at) => server(at).healNetwork());
program
  .command('kill <server>')
  .description('cut its power')
  .action((at) => server(at).powerCut());
program
  .command('boot <server>')
  .description('boot it again')
  .action((at) => server(at).boot());
program.command('list').description('the labs of this machine').action(list);
program.command('down').description('end the lab, wherever it was started').action(down);
program.command('clear').description('clear what killed runs left').action(clear);

async function up(options: UpOptions): Promise<void> {
  const { distribution, servers, disks } = options;
  const lab = createLab({
    name: name(),
    distribution,
    servers,
    disks,
    diskSizeBytes: options.diskMb * 1024 ** 2,
    say,
  });
  await lab.start();
  if (options.pool) {
    await lab.startGluster();
    await lab.formPool();
  }
  for (const { name: server, address } of lab.servers) say(`${server} ${address}`);
  say(`lab ${lab.name} is up; this machine is ${lab.hostAddress}; Ctrl-C takes it down`);
  // A timer keeps the process alive; the signal ends it, and the lab with it (clear-at-exit.ts).
  setInterval(() => undefined, 2 ** 30);
}

async function on(at: string, command: readonly string[]): Promise<void> {
  const [program = '', ...args] = enterCommand(server(at).init(), command);
  const [code] = await once(spawn(program, args, { stdio: 'inherit' }), 'exit');
  process.exitCode = code ?? 1;
}

function list(): void {
  for (const lab of listLabs()) {
    const record = readRecord(lab);
    const state =
      record === null || !isAlive(record.owner)
        ? 'left by a killed run'
        : `owned by process ${record.owner.pid}`;
    say(`${lab}: ${record?.servers ?? 0} servers, ${record?.distribution ?? 'unknown'}, ${state}`);
  }
}

async function down(): Promise<void> {
  const { owner } = mustRecord();
  process.kill(owner.pid, 'SIGTERM');
  await waitFor(`process ${owner.pid} to end`, 60_000, () => !isAlive(owner));
  await clear();
}

async function clear(): Promise<void> {
  const missing = missingForLab();
  if (missing !== null) throw new MortarError('unsupported', missing);
  for (const lab of await withFileLock(labsLock(), clearLeftovers)) say(`cleared ${lab}`);
}

function server(at: string): Server {
  const record = mustRecord();
  const index = Number(at.replace(/^gluster/, ''));
  if (!(Number.isInteger(index) && index >= 1 && index <= record.servers)) {
    throw new MortarError('bad-input', `lab ${record.name} has servers 1 to ${record.servers}, not ${at}`);
  }
  return openServer(record, index);
}

function mustRecord(): LabRecord {
  const record = readRecord(name());
  if (record === null || !isAlive(record.owner))
    throw new MortarError('not-found', `lab ${name()} is not up`);
  return record;
}

function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('not a number.');
  return Number(text);
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`lab: ${describeError(error)}\n`);
  process.exitCode = 1;
}
