// Which process a number means. The kernel uses process numbers again; a number together with the time at which its
// process began does not come twice, so only that pair is ever written down, compared or killed.
import { readdirSync, readFileSync } from 'node:fs';

export type ProcessIdentity = { pid: number; startTicks: number };

/** Parses /proc/PID/stat (proc(5)): field 1 is the pid, field 4 the parent, field 22 the start in clock ticks since boot. */
export function parseProcessStat(
  stat: string,
): { pid: number; parent: number; state: string; startTicks: number } | null {
  // Field 2 is the program's name in parentheses, and a name may itself hold spaces and parentheses.
  const nameEnd = stat.lastIndexOf(')');
  const pid = Number(stat.slice(0, stat.indexOf(' ')));
  const fields = stat.slice(nameEnd + 2).split(' ');
  const state = fields[0] ?? '';
  const parent = Number(fields[1]);
  const startTicks = Number(fields[19]);
  if (nameEnd < 0 || !Number.isInteger(pid) || !Number.isInteger(parent)) return null;
  if (!/^[A-Za-z]$/.test(state) || !Number.isInteger(startTicks)) return null;
  return { pid, parent, state, startTicks };
}

/** The identity of the process that has number `pid` now, or null when there is none (a zombie is none). */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const seen = parseProcessStat(readProc(pid, 'stat'));
  return seen === null || seen.state === 'Z' || seen.state === 'X'
    ? null
    : { pid, startTicks: seen.startTicks };
}

/** Is this very process, and no other that got its number, still running? */
export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startTicks === identity.startTicks;
}

/** Kills this very process; nothing when it is gone. */
export function killProcess(identity: ProcessIdentity): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, 'SIGKILL');
  } catch (error) {
    // It may end between the two lines; anything but "no such process" is a real failure.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The processes of this machine that have a wanted word in their command line, or a wanted NAME=value in their environment. */
export function findProcesses(
  where: 'cmdline' | 'environ',
  isWanted: (word: string) => boolean,
): ProcessIdentity[] {
  return allPids()
    .filter((pid) => readProc(pid, where).split('\0').some(isWanted))
    .map(identifyProcess)
    .filter((identity) => identity !== null);
}

/** The numbers of the processes that `pid` is the parent of. */
export function childrenOf(pid: number): number[] {
  return allPids().filter((child) => parseProcessStat(readProc(child, 'stat'))?.parent === pid);
}

/** Is the process the first one (number 1) of a process namespace of its own? */
export function isInit(pid: number): boolean {
  const numbers = /^NSpid:\s*(.*)$/m.exec(readProc(pid, 'status'))?.[1]?.trim().split(/\s+/) ?? [];
  return numbers.length > 1 && numbers.at(-1) === '1';
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** A file of /proc/PID, or nothing when the process is gone: processes come and go while one looks at them. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
