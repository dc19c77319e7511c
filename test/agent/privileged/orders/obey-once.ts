// A process that obeys one order, and kills itself at the named place on the way. Arguments: state directory, gluster
// command, public key file, place. The signed order comes on
// standard input; its outcome, if it gets so far, goes to standard output.

import { readFileSync, writeSync } from 'node:fs';
import { createGlusterCli } from '../../../../agent/privileged/gluster-cli.ts';
import { type EpochStore, openEpochStore } from '../../../../agent/privileged/orders/epoch-store.ts';
import { type Journal, openJournal } from '../../../../agent/privileged/orders/journal.ts';
import { createObeyer } from '../../../../agent/privileged/orders/obey-order.ts';
import { createMountTable } from '../../../../shared/lib/mount-table.ts';
import type { SignedOrder } from '../../../../shared/protocol/messages.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { runCommand } from '../../../../shared/runtime/run-command.ts';
import { self } from './make-order.ts';

const [directory = '', command = '', keyPath = '', place = ''] = process.argv.slice(2);
const epochs = await openEpochStore(directory);
const journal = await openJournal(directory);

const obeyer = createObeyer({
  server: self,
  readPublicKey: async () => readFileSync(keyPath, 'utf8'),
  epochs: killable('epoch', 'raise', epochs),
  journal: killable('end', 'end', killable('begin', 'begin', journal)),
  clock: systemClock,
  log: { debug() {}, info() {}, warn() {}, error() {} },
  step: {
    gluster: createGlusterCli({ runCommand, command, workDirectory: directory }),
    readMounts: async () => createMountTable('1 0 8:1 / / rw - ext4 /dev/sda1 rw'),
    runCommand,
  },
});
const outcome = await obeyer.obey(JSON.parse(readFileSync(0, 'utf8')) as SignedOrder);
writeSync(1, JSON.stringify(outcome));

/** `edge` with a method that ends this process where `place` says: `before-NAME` or `after-NAME`. */
function killable<T extends Journal | EpochStore>(name: string, method: keyof T, edge: T): T {
  const original = edge[method] as (...args: unknown[]) => Promise<void>;
  return {
    ...edge,
    async [method](...args: unknown[]) {
      if (place === `before-${name}`) process.kill(process.pid, 'SIGKILL');
      await original(...args);
      if (place === `after-${name}`) process.kill(process.pid, 'SIGKILL');
    },
  };
}
