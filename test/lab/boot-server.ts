// Boots one server: a complete Debian system under systemd-nspawn, with its own root (an overlay on the base image), disks,
// network and process numbers. The overlay is mounted in a mount namespace that only nspawn lives in: when the server is
// gone, so is the mount, whoever killed what.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MortarError } from '../../shared/lib/errors.ts';
import { createCgroups, isRunBySystemd } from './cgroups.ts';
import { attachDisks, diskPath } from './disks.ts';
import { type LabRecord, serverDirectory, serverName } from './lab-record.ts';
import { bridgeName, machineName } from './network.ts';
import { prepareRoot } from './prepare-root.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { toolPath } from './run-command.ts';
import { runInside } from './run-inside.ts';
import { findInit, findNspawns } from './running-servers.ts';
import { waitFor } from './wait.ts';

/** A server boots in about a second; on a machine with far more servers than cores it takes longer. */
const bootTimeoutMs = 90_000;

/** $LAB_… are set below. nspawn replaces the shell, so its process number is the one that was spawned. */
const startScript = `
for group in $LAB_CGROUPS; do echo 0 >"$group/cgroup.procs" || exit; done
mount -t overlay mortar-lab -o "$LAB_OVERLAY" "$LAB_ROOT" || exit
exec systemd-nspawn "$@"`;

/** Boots server `index` of the lab and resolves with its init process once its systemd says that it is up. */
export async function bootServer(record: LabRecord, index: number): Promise<ProcessIdentity> {
  const directory = serverDirectory(record.name, index);
  if (findNspawns(directory).length > 0) {
    throw new MortarError('conflict', `${serverName(index)} of lab ${record.name} is running already`);
  }
  prepareRoot(record, index);
  const nspawn = startNspawn(record, index, directory);
  const init = await waitFor(`${serverName(index)} to start`, bootTimeoutMs, () => {
    mustStillRun(nspawn, directory);
    return findInit(directory);
  });
  await waitFor(`${serverName(index)} to boot`, bootTimeoutMs, async () => {
    mustStillRun(nspawn, directory);
    const { stdout } = await runInside(init, ['systemctl', 'is-system-running', '--wait']);
    return /^(running|degraded)$/m.test(stdout);
  });
  return init;
}

function startNspawn(record: LabRecord, index: number, directory: string): ChildProcess {
  const machine = machineName(record.subnet, index);
  const root = join(directory, 'root');
  const devices = attachDisks(directory, record.disks, record.diskSizeBytes);
  const args = [
    '--quiet',
    `--directory=${root}`,
    '--boot',
    `--machine=${machine}`,
    `--hostname=${serverName(index)}`,
    `--network-bridge=${bridgeName(record.subnet)}`,
    '--register=no',
    // Without systemd on the machine nobody could make a scope; the cgroup below stands for it.
    ...(isRunBySystemd() ? ['--property=DevicePolicy=auto'] : ['--keep-unit']),
    '--capability=all',
    ...['--resolv-conf=off', '--timezone=off', '--link-journal=no', '--console=read-only'],
    '--bind=/dev/fuse',
    ...devices.map((device, disk) => `--bind=${device}:${diskPath(disk + 1)}`),
    ...record.binds.map(({ host, server, readOnly }) => `--bind${readOnly ? '-ro' : ''}=${host}:${server}`),
  ];
  const console = openSync(join(directory, 'console.log'), 'a');
  const child = spawn(
    'unshare',
    ['--mount', '--propagation', 'slave', 'sh', '-c', startScript, 'sh', ...args],
    {
      // Of its own session, so that Ctrl-C reaches the lab's owner alone.
      detached: true,
      stdio: ['ignore', console, console],
      env: {
        PATH: toolPath,
        LAB_CGROUPS: isRunBySystemd() ? '' : createCgroups(machine).join(' '),
        LAB_OVERLAY: `lowerdir=${record.image},upperdir=${join(directory, 'upper')},workdir=${join(directory, 'work')}`,
        LAB_ROOT: root,
        // nspawn's own locks would stay in the machine's /run when it is killed.
        SYSTEMD_NSPAWN_LOCK: '0',
      },
    },
  );
  closeSync(console);
  child.unref();
  return child;
}

function mustStillRun(nspawn: ChildProcess, directory: string): void {
  if (nspawn.exitCode === null && nspawn.signalCode === null) return;
  const said = readFileSync(join(directory, 'console.log'), 'utf8').trim().split('\n').slice(-8).join('\n');
  throw new MortarError('command-failed', `systemd-nspawn of ${directory} ended: ${said}`);
}
