// Which servers run, and their end. Nothing is written down for it: a server is found by an argument of its nspawn that
// only that nspawn has, the server's directory, so what a killed run left is found as surely as what this run started.
import { MortarError } from '../../shared/lib/errors.ts';
import {
  childrenOf,
  findProcesses,
  identifyProcess,
  isAlive,
  isInit,
  killProcess,
  type ProcessIdentity,
} from './process-identity.ts';
import { waitUntilSync } from './wait.ts';

/** The name of the environment variable that marks a process of the machine as one that works for a lab. */
export const labVariable = 'MORTAR_LAB';

/** The init process of the server whose directory this is, or null when it is not running. */
export function findInit(directory: string): ProcessIdentity | null {
  const init = initsOf(findNspawns(directory))[0];
  return init ?? null;
}

/** The nspawn processes of the servers whose directory is `directory` or lies under it. */
export function findNspawns(directory: string): ProcessIdentity[] {
  const start = `--directory=${directory}/`;
  return findProcesses('cmdline', (word) => word.startsWith(start) && word.endsWith('/root'));
}

/** The processes that were started with the lab's environment (`lab.environment`), and their children; never this one. */
export function findHelpers(directory: string): ProcessIdentity[] {
  const mark = `${labVariable}=${directory}`;
  return findProcesses('environ', (word) => word === mark).filter(({ pid }) => pid !== process.pid);
}

/** Kills all servers whose directory is `directory` or lies under it, at once, and waits until they are gone. */
export function killServers(directory: string): void {
  // The kernel kills everything in a server together with its init.
  killAll(`servers of ${directory}`, () => {
    const nspawns = findNspawns(directory);
    return [...initsOf(nspawns), ...nspawns];
  });
}

/** Kills what works for the lab of this directory outside of its servers. */
export function killHelpers(directory: string): void {
  killAll(`processes that work for ${directory}`, () => findHelpers(directory));
}

/** Looks again until nothing is found: a process may start another one just before it is killed. */
function killAll(what: string, find: () => ProcessIdentity[]): void {
  let known: ProcessIdentity[] = [];
  const areGone = () => {
    known = [...known.filter(isAlive), ...find()];
    known.forEach(killProcess);
    return known.length === 0;
  };
  // Far longer than the kernel takes to end processes and their mounts; one that hangs in a system call never ends.
  if (!waitUntilSync(areGone, 15_000)) {
    throw new MortarError('conflict', `${what} do not end: ${known.map(({ pid }) => pid).join(' ')}`);
  }
}

function initsOf(nspawns: readonly ProcessIdentity[]): ProcessIdentity[] {
  return nspawns
    .flatMap(({ pid }) => childrenOf(pid))
    .filter(isInit)
    .map(identifyProcess)
    .filter((identity) => identity !== null);
}
