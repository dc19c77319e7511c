// A lab: some real Debian servers on one machine, each with its own systemd, address, glusterd and disks. Several labs can
// live side by side. `stop` undoes all of it, and so does the end of the process; after a SIGKILL the next start does.
import { assert, present } from '../../shared/lib/assert.ts';
import { MortarError } from '../../shared/lib/errors.ts';
import { clearAtExit, forgetAtExit } from './clear-at-exit.ts';
import { clearLab } from './clear-lab.ts';
import { withFileLock } from './file-lock.ts';
import { formPool, startGluster } from './gluster-pool.ts';
import { provideImage } from './image.ts';
import {
  type Bind,
  type Distribution,
  type LabRecord,
  labDirectory,
  labsLock,
  listLabs,
  oneTo,
  readRecord,
  writeRecord,
} from './lab-record.ts';
import { clearLeftovers } from './leftovers.ts';
import { allocateSubnet, createBridge, hostAddress, machineAddresses } from './network.ts';
import { identifyProcess } from './process-identity.ts';
import { installTools, missingForLab } from './requirements.ts';
import { labVariable } from './running-servers.ts';
import { openServer, type Server } from './server.ts';

export type LabOptions = {
  /** Of this lab among those of the machine: a letter, then letters, digits or dashes, 32 at most. */
  name: string;
  distribution?: Distribution;
  servers?: number;
  /** Blank disks of each server: /dev/vdb, /dev/vdc, … */
  disks?: number;
  /** Sparse, so only what is written takes space here. mkfs.xfs refuses less than 300 MB. */
  diskSizeBytes?: number;
  binds?: readonly Bind[];
  /** Gets a line for people when something slow begins. */
  say?: (line: string) => void;
};

export type Lab = {
  readonly name: string;
  /** This machine's address in the lab's network. */
  readonly hostAddress: string;
  /**
   * For processes of this machine that work for the lab (a coordinator, say): started with this in their environment, they
   * and their children end with the lab, and with its leftovers.
   */
  readonly environment: Record<string, string>;
  readonly servers: readonly Server[];
  /** Server `index`, from 1. */
  server(index: number): Server;
  start(): Promise<void>;
  stop(): Promise<void>;
  startGluster(): Promise<void>;
  formPool(): Promise<void>;
};

/** A lab that is not there yet: does no I/O, `start` does. */
export function createLab(options: LabOptions): Lab {
  let record: LabRecord | null = null;
  let servers: readonly Server[] = [];

  const stop = async () => {
    if (record === null) return;
    clearLab(record.name);
    forgetAtExit(record.name);
    record = null;
  };
  const start = async () => {
    record = await claim(options);
    const started = record;
    servers = oneTo(started.servers).map((index) => openServer(started, index));
    try {
      createBridge(started.subnet);
      await allSettled(servers.map((server) => server.boot()));
    } catch (error) {
      await stop();
      throw error;
    }
  };
  const mustRecord = () => present(record, `the started lab ${options.name}`);

  return {
    name: options.name,
    get hostAddress() {
      return hostAddress(mustRecord().subnet);
    },
    environment: { [labVariable]: labDirectory(options.name) },
    get servers() {
      return servers;
    },
    server: (index) => present(servers[index - 1], `server ${index} of lab ${options.name}`),
    start,
    stop,
    startGluster: () => startGluster(servers),
    formPool: () => formPool(servers),
  };
}

/** Makes the machine ready and writes the lab down, so that from here on nothing of it can be lost track of. */
async function claim(options: LabOptions): Promise<LabRecord> {
  const { name, distribution = 'bookworm', servers = 3, disks = 2, say = () => undefined } = options;
  assert(/^[a-z][a-z0-9-]{0,31}$/.test(name), `${name} cannot be a lab's name`);
  // Addresses above 250 are this machine's; a loop device has a letter, from b to z.
  assert(
    servers >= 1 && servers <= 250 && disks >= 0 && disks <= 25,
    'a lab has 1 to 250 servers of 0 to 25 disks',
  );
  const missing = missingForLab();
  if (missing !== null) throw new MortarError('unsupported', missing);
  await installTools(say);
  const image = await provideImage(distribution, say);
  return withFileLock(labsLock(), () => {
    clearLeftovers();
    const others = listLabs();
    if (others.includes(name)) throw new MortarError('conflict', `a lab called ${name} is running already`);
    const subnets = others.map((other) => readRecord(other)?.subnet ?? 0);
    const record: LabRecord = {
      ...{ name, distribution, image, servers, disks },
      subnet: allocateSubnet(subnets, machineAddresses()),
      diskSizeBytes: options.diskSizeBytes ?? 1024 ** 3,
      binds: options.binds ?? [],
      owner: present(identifyProcess(process.pid), 'this process'),
    };
    writeRecord(record);
    clearAtExit(name);
    return record;
  });
}

/** Waits for all of them even when one fails: a failed start must not be cleared while another server still boots. */
async function allSettled(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((work) => work.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
