// Texts that Gluster is known to print, old spellings among them, and what kind of no each is.
import { describe, expect, it } from 'vitest';
import { classifyError } from '../../../../agent/privileged/gluster/classify-error.ts';

describe('a refusal', () => {
  it.each([
    ['Another transaction is in progress for v1. Please try again after some time.', 'busy'],
    ['Another transaction is in progress for v1. Please try again after sometime.', 'busy'],
    ['Another transaction could be in progress. Please try again after some time.', 'busy'],
    ['Locking failed on 10.77.0.3. Please check log file for details.', 'busy'],
    ['Unlocking failed on 10.77.0.3. Please check log file for details.', 'uncertain'],
    ['Error : Request timed out', 'uncertain'],
    ['Commit failed on g3. Please check log file for details.', 'uncertain'],
    ['Another transaction is in progress for v1.\nCommit failed on g3. Please check log file.', 'uncertain'],
    ['Failed to create volume files', 'uncertain'],
    ["Staging failed on g2. Error: Host altg2 is not in 'Peer in Cluster' state", 'peer-unavailable'],
    [
      'Pre Validation failed on g2. Volume name d1 rebalance is in progress. Please retry after completion',
      'task-running',
    ],
    ['Volume does not exist', 'unknown-volume'],
    ['option : no.such.option does not exist', 'refused'],
    ['', 'refused'],
  ])('of %j is of kind %s', (text, kind) => {
    expect(classifyError(text)).toBe(kind);
  });
});
