// One server of a lab, as tests and demos hold it. It keeps no state but a remembered init process: what it needs is on
// disk and in /proc, so that another process (the command line) can hold the same server.
import { join } from 'node:path';
import { MortarError } from '../../shared/lib/errors.ts';
import { bootServer } from './boot-server.ts';
import { clearMachine } from './clear-lab.ts';
import { diskPath, growDisk } from './disks.ts';
import { type LabRecord, serverDirectory, serverName } from './lab-record.ts';
import { serverAddress, setLink } from './network.ts';
import { cutPower } from './power-cut.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';
import { type CommandResult, mustHaveSucceeded } from './run-command.ts';
import { type RunOptions, runInside } from './run-inside.ts';
import { findInit } from './running-servers.ts';

export type Server = ReturnType<typeof openServer>;

/** Server `index` (from 1) of the lab with this record. Does no I/O. */
export function openServer(record: LabRecord, index: number) {
  const directory = serverDirectory(record.name, index);
  const name = serverName(index);
  let init: ProcessIdentity | null = null;

  const mustInit = (): ProcessIdentity => {
    if (init === null || !isAlive(init)) init = findInit(directory);
    if (init === null) throw new MortarError('conflict', `${name} of lab ${record.name} is not running`);
    return init;
  };
  // Async, so that a server that is off rejects as everything else does.
  const run = async (command: readonly string[], options?: RunOptions): Promise<CommandResult> =>
    runInside(mustInit(), command, options);
  const sh = async (script: string, options?: RunOptions): Promise<string> =>
    mustHaveSucceeded([`${name}:`, script], await run(['sh', '-euc', script], options));

  return {
    name,
    index,
    address: serverAddress(record.subnet, index),

    /** Runs a command as root and gives its code and output, whatever the code. */
    run,
    /** Runs a shell script (`sh -eu`) and gives its stdout; throws `command-failed`, with what it said, unless it ends with 0. */
    sh,
    async writeFile(path: string, text: string | Buffer, mode = 0o644): Promise<void> {
      const script = `mkdir -p "$(dirname "$1")"; cat >"$1"; chmod ${mode.toString(8)} "$1"`;
      const command = ['sh', '-euc', script, 'sh', path];
      mustHaveSucceeded([`${name}: write`, path], await run(command, { input: text }));
    },
    async readFile(path: string): Promise<string> {
      return mustHaveSucceeded([`${name}: read`, path], await run(['cat', '--', path]));
    },

    /** Its first process, as this machine numbers it; throws `conflict` when the server is off. */
    init: mustInit,
    isRunning: (): boolean => findInit(directory) !== null,
    /** Where the server's console is logged on this machine. */
    consoleLog: join(directory, 'console.log'),

    /** Boots the server after a power cut and waits until it is up. */
    async boot(): Promise<void> {
      init = await bootServer(record, index);
    },
    /** Ends the server at once. Its disks lose what was not synced; its root does not (see power-cut.ts). */
    async powerCut(): Promise<void> {
      await cutPower(directory, mustInit());
      clearMachine(record.subnet, index);
    },
    /** Pulls the server's network cable out. A server that boots has it plugged in. */
    cutNetwork: (): void => setLink(record.subnet, index, 'down'),
    healNetwork: (): void => setLink(record.subnet, index, 'up'),

    /** Makes an XFS file system on disk `n` (from 1), as Gluster wants it, and mounts it at `mountPoint`, now and at each boot. */
    async formatDisk(n: number, mountPoint: string): Promise<void> {
      const script = `
        uuid=$(cat /proc/sys/kernel/random/uuid)
        mkfs.xfs -q -i size=512 -m "uuid=$uuid" "$1"
        tries=500
        until [ -e "/dev/disk/by-uuid/$uuid" ] || [ $((tries -= 1)) = 0 ]; do sleep 0.01; done
        unit=$(systemd-escape --path --suffix=mount "$2")
        printf '[Unit]\\nBefore=glusterd.service\\n[Mount]\\nWhat=UUID=%s\\nWhere=%s\\nType=xfs\\n[Install]\\nWantedBy=local-fs.target\\n' \\
          "$uuid" "$2" >"/etc/systemd/system/$unit"
        systemctl daemon-reload
        systemctl enable --quiet --now "$unit"`;
      const command = ['sh', '-euc', script, 'sh', diskPath(n), mountPoint];
      mustHaveSucceeded([`${name}: format`, diskPath(n)], await run(command));
    },
    /** Makes disk `n` (from 1) larger while it is in use; its file system stays as it is. */
    growDisk: (n: number, sizeBytes: number): void => growDisk(directory, n, sizeBytes),
    /** Fills the file system until about `leaveBytes` are free, with one file that takes space but no time; one that is fuller is left as it is. */
    async fillFilesystem(mountPoint: string, leaveBytes: number): Promise<void> {
      const script = `
        free=$(df --output=avail --block-size=1 "$1" | tail -n 1)
        [ "$free" -le "$2" ] || fallocate --length $((free - $2)) "$1/.lab-fill"`;
      const command = ['sh', '-euc', script, 'sh', mountPoint, `${leaveBytes}`];
      mustHaveSucceeded([`${name}: fill`, mountPoint], await run(command));
    },
    /** Takes back what fillFilesystem took. */
    async freeFilesystem(mountPoint: string): Promise<void> {
      mustHaveSucceeded(
        [`${name}: free`, mountPoint],
        await run(['rm', '-f', join(mountPoint, '.lab-fill')]),
      );
    },
  };
}
