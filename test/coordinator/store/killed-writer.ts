// A program for crash tests: makes the calls below one after the other on a state directory, says the number of each
// that has returned, and kills itself as `kill -9` would after the given one. Usage: killed-writer.ts DIRECTORY CALLS
import { writeSync } from 'node:fs';
import { argv, pid } from 'node:process';
import { openStore } from '../../../coordinator/store/open-store.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import { generateSigningKeys } from '../../../shared/protocol/signing.ts';
import {
  change,
  policy,
  recordingLog,
  sampleEntry,
  sampleOrder,
  sampleOutcome,
  samplePlan,
  sampleReport,
  volume,
} from './samples.ts';

/** What the program does, in order; the test knows what must be there after each. */
export const calls: readonly ((store: Store) => void)[] = [
  (store) => void store.takeEpoch(5),
  (store) => void store.signingKeys(generateSigningKeys),
  (store) => store.save(change({ policies: [{ volume, policy }] })),
  (store) => store.save(change({ plans: [samplePlan(1, 'proposed')], journal: [sampleEntry(1, 1)] })),
  (store) => store.save(change({ plans: [samplePlan(1, 'running')], orders: [sampleOrder(1, 1)] })),
  (store) => store.settleOrder(sampleOutcome(sampleOrder(1, 1)), sampleEntry(1, 7)),
  (store) => store.save(change({ plans: [samplePlan(1, 'done')], journal: [sampleEntry(1, 2)] })),
  (store) => store.saveReports([{ report: sampleReport('gluster1'), reportAt: 7 }]),
];

if (import.meta.main) {
  const store = openStore({ directory: argv[2]!, log: recordingLog().log });
  for (const call of calls.slice(0, Number(argv[3]))) {
    call(store);
    // Synchronous, so that what was acknowledged is out before the process dies.
    writeSync(1, 'done\n');
  }
  process.kill(pid, 'SIGKILL');
}
