// Composition of mortar-privileged: every edge comes in here, and everything is wired on this page. It has no network;
// the socket is its only way in, and the verbs are all that it can do.
import { join } from 'node:path';
import { MortarError } from '../../shared/lib/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { readTextFile } from '../../shared/runtime/files.ts';
import type { Log } from '../../shared/runtime/log.ts';
import { createOneAtATime } from '../../shared/runtime/one-at-a-time.ts';
import type { ReleaseStack } from '../../shared/runtime/release-stack.ts';
import type { RunCommand } from '../../shared/runtime/run-command.ts';
import type { PrivilegedConfig } from './config.ts';
import { createGlusterCli } from './gluster-cli.ts';
import { lookAtBricks } from './looks/look-at-bricks.ts';
import { lookAtGluster } from './looks/look-at-gluster.ts';
import { lookAtPorts } from './looks/look-at-ports.ts';
import { shareLook } from './looks/share-look.ts';
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
/** The unit gives this process 16 threads, and a hung read holds one for ever: four stay for the orders. */
const maxHungReads = 12;
/** A fix-layout's start takes 10 s on a healthy pool. Whatever is cut off here is looked at when it is asked for again. */
const lastOrderLimitMs = 30_000;
/** For the whole process to stop; the unit's TimeoutStopSec is longer. */
export const releaseLimitMs = 35_000;

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
    const step = { gluster, readMounts: readMachineMounts, runCommand };
    const readPublicKey = () => readPinnedKey(config.publicKeyPath);
    const obeyer = createObeyer({ server: config.server, readPublicKey, epochs, journal, clock, log, step });
    stack.defer('the order under way', () => obeyer.idle(), lastOrderLimitMs);

    const brickEdges = {
      runCommand,
      oneAtATime: createOneAtATime(clock, maxHungReads),
      readMounts: readMachineMounts,
      storeDirectory,
      runDirectory,
      procDirectory,
    };
    const looks = {
      gluster: shareLook('gluster', () => lookAtGluster({ gluster, storeDirectory }), clock),
      bricks: shareLook('bricks', () => lookAtBricks(brickEdges), clock),
      ports: shareLook('ports', () => lookAtPorts(procDirectory), clock),
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
