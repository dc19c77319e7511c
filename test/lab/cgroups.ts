// A cgroup for each server. systemd makes one (a scope) where it runs the machine; elsewhere this does. Without one, all
// servers would share the cgroup that nspawn was started from, and each systemd would find the others' units in its own.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandSync } from './run-command.ts';
import { waitUntilSync } from './wait.ts';

/** Does systemd run this machine? The test is that of sd_booted(3). */
export function isRunBySystemd(): boolean {
  return existsSync('/run/systemd/system');
}

/** Makes a cgroup for a server in each tree that a systemd uses (cgroup2, and the named one of version 1); gives their paths. */
export function createCgroups(machine: string): string[] {
  const groups = cgroupsOf(machine);
  for (const group of groups) mkdirSync(group, { recursive: true });
  return groups;
}

/** Removes a dead server's cgroups, or scope, so that the server can have them again. */
export function removeCgroups(machine: string): void {
  if (isRunBySystemd()) {
    // systemd forgets a scope whose last process ended, a moment later; this waits for it, and fails when it is forgotten.
    runCommandSync(['systemctl', 'stop', `${machine}.scope`]);
    return;
  }
  for (const group of cgroupsOf(machine)) {
    // A cgroup is busy for another moment when its last process has only just ended. One that stays hurts nobody.
    waitUntilSync(() => !existsSync(group) || removeTree(group), 2_000);
  }
}

/** By the mount points of the trees, from mountinfo (proc(5)): field 5, and after the " - " the type and the options. */
export function cgroupsOf(machine: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' - '))
    .filter(([, tail = '']) => tail.startsWith('cgroup2 ') || /^cgroup .*\bname=systemd\b/.test(tail))
    .map(([head = '']) => head.split(' ')[4] ?? '')
    .filter((path) => path !== '')
    .map((tree) => join(tree, `mortar-${machine}`));
}

function removeTree(group: string): boolean {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(join(group, entry.name));
    }
    rmdirSync(group);
    return true;
  } catch {
    // Busy; the caller tries again.
    return false;
  }
}
