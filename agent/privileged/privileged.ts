// Composition of mortar-privileged: every edge comes in here, and everything is wired on this page. It has no network;
// the socket is its only way in, and the verbs are all that it can do.
import { join } from 'node:path';
import { MortarError } from '../../shared/lib/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { readTextFile } from '../../shared/runtime/files.ts';
import type { Log } from '../../shared/runtime/log.ts';
import type { ReleaseStack } from '../../shared/runtime/release-stack.ts';
import type { RunCommand } from '../../shared/runtime/run-command.ts';
import type { PrivilegedConfig } from './config.ts';
import { createGlusterCli } from './gluster-cli.ts';
import { lookAtBricks } from './looks/look-at-bricks.ts';
import { lookAtGluster } from './looks/look-at-gluster.ts';
import { lookAtPorts } from './looks/look-at-ports.ts';
import { openStateDirectory } from './open-state-directory.ts';
import { openEpochStore } from './orders/epoch-store.ts';
import { openJournal } from './orders/journal.ts';
import { createObeyer } from './orders/obey-order.ts';
import { readMounts } from './read-mounts.ts';
import { findGroup } from './socket/find-group.ts';
import { removeStaleSocket } from './socket/remove-stale-socket.ts';
import { serveSocket } from './socket/server.ts';

/** A PEM of an Ed25519 key has 113 bytes; some keys have a comment above. */
const maxKeyBytes = 16 * 1024;
/** A fix-layout's start takes 10 s. Whatever is cut off here is looked at when it is asked for again. */
const lastOrderLimitMs = 9_000;

export interface PrivilegedEdges {
  config: PrivilegedConfig;
  log: Log;
  clock: Clock;
  runCommand: RunCommand;
  /** The gluster program, by name or absolute path. */
  glusterCommand: string;
  /** Who may connect, beside root. */
  socketGroup: string;
  /** Where glusterd keeps its volumes, and where it and its bricks leave their pid files. */
  storeDirectory: string;
  runDirectory: string;
  procDirectory: string;
}

export interface Privileged {
  /** Opens state and socket; each part is on `stack` as soon as it is there. */
  start(stack: ReleaseStack): Promise<void>;
}

/** The privileged process with these edges; does no I/O before `start`. */
export function createPrivileged(edges: PrivilegedEdges): Privileged {
  const { config, log, clock, runCommand, storeDirectory, runDirectory, procDirectory } = edges;
  const readMachineMounts = () => readMounts(join(procDirectory, 'self/mountinfo'));

  async function start(stack: ReleaseStack): Promise<void> {
    await removeStaleSocket(config.socket);
    const scratch = await openStateDirectory(config.stateDirectory);
    const epochs = await openEpochStore(config.stateDirectory);
    const journal = await openJournal(config.stateDirectory);
    stack.defer('the journal', () => journal.close());
    if (journal.dropped > 0) log.warn({ lines: journal.dropped }, 'lines of the journal could not be read');

    const gluster = createGlusterCli({ runCommand, command: edges.glusterCommand, workDirectory: scratch });
    const step = { gluster, readMounts: readMachineMounts };
    const readPublicKey = () => readPinnedKey(config.publicKeyPath);
    const obeyer = createObeyer({ server: config.server, readPublicKey, epochs, journal, clock, log, step });
    stack.defer('the order under way', () => obeyer.idle(), lastOrderLimitMs);

    const looks = {
      gluster: () => lookAtGluster({ gluster, storeDirectory }),
      bricks: () =>
        lookAtBricks({
          runCommand,
          readMounts: readMachineMounts,
          storeDirectory,
          runDirectory,
          procDirectory,
        }),
      ports: () => lookAtPorts(procDirectory),
      epoch: async () => epochs.highest(),
    };
    const groupId = await findGroup(edges.socketGroup);
    const answers = { looks, obey: obeyer.obey };
    stack.defer('the socket', await serveSocket({ path: config.socket, groupId, log, answers }));
  }

  return { start };
}

/** Read per order: a server that joins gets its key while this process runs, and orders are rare. */
async function readPinnedKey(path: string): Promise<string> {
  try {
    return await readTextFile(path, { maxBytes: maxKeyBytes });
  } catch (cause) {
    throw new MortarError('order-refused', 'no coordinator key is pinned on this server', { cause });
  }
}
