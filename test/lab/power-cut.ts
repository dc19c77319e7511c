// A power cut as disks feel it. The kernel that a server shares with this machine stays up, so its page cache would save
// what a real server loses; therefore every XFS of the server is told to forget what has not reached its disk yet.
// What the server keeps outside of its disks (its root, so /var/lib too) lies on this machine's file system and is kept.

import type { ProcessIdentity } from './process-identity.ts';
import { mustRun } from './run-command.ts';
import { killServers } from './running-servers.ts';

/**
 * Stops every process, so that none sees the file systems fail and can still act on it; then shuts those down without
 * writing their logs (XFS_IOC_GOINGDOWN, ioctl_xfs_goingdown(2), as file system tests simulate crashes).
 */
const loseUnsynced = `
kill -STOP -1
while read -r device path type options; do
  [ "$type" != xfs ] || xfs_io -x -c shutdown "$path"
done </proc/mounts`;

/** Ends the server in `directory` with this init process, at once and without any shutdown. */
export async function cutPower(directory: string, init: ProcessIdentity): Promise<void> {
  await mustRun(['nsenter', '--all', '--target', `${init.pid}`, 'sh', '-euc', loseUnsynced]);
  killServers(directory);
}
