// What is a change, and what only moves.
import { expect, test } from 'vitest';
import { steadyContent } from '../../../agent/link/steady-content.ts';
import type { Brick } from '../../../shared/model/brick.ts';
import type { Filesystem } from '../../../shared/model/filesystem.ts';
import type { AbsolutePath } from '../../../shared/model/names.ts';
import { sampleBrick } from '../../support/sample-sections.ts';

const filesystem: Filesystem = {
  mountPoint: '/bricks/b1' as AbsolutePath,
  device: '/dev/vdb',
  deviceNumber: '8:16',
  type: 'xfs',
  options: ['rw'],
  isReadOnly: false,
  isRoot: false,
  sizeBytes: 100,
  freeBytes: 50,
  inodes: 10,
  inodesFree: 5,
};
const ofFilesystem = (over: Partial<Filesystem>) =>
  steadyContent('filesystems', { kind: 'seen', seenAt: 1, value: [{ ...filesystem, ...over }] });
const ofBrick = (over: Partial<Brick>) =>
  steadyContent('bricks', { kind: 'seen', seenAt: 1, value: [sampleBrick(over)] });
const ofFailure = (code: string, failedAt = 1) =>
  steadyContent('ports', { kind: 'failed', failedAt, code, message: 'away', lastSeenAt: failedAt });

test.each<[string, string, string, boolean]>([
  ['fewer free bytes', ofFilesystem({}), ofFilesystem({ freeBytes: 49 }), false],
  [
    'fewer free inodes, of fewer (XFS makes them as it goes)',
    ofFilesystem({}),
    ofFilesystem({ inodesFree: 4, inodes: 9 }),
    false,
  ],
  ['another size', ofFilesystem({}), ofFilesystem({ sizeBytes: 200 }), true],
  ['read-only', ofFilesystem({}), ofFilesystem({ isReadOnly: true }), true],
  ['another device', ofFilesystem({}), ofFilesystem({ deviceNumber: '8:17' }), true],
  ['a brick that is down', ofBrick({}), ofBrick({ isUp: false, pid: null }), true],
  ['a brick with another port', ofBrick({}), ofBrick({ port: 49_152 }), true],
  ['heals that wait now', ofBrick({}), ofBrick({ pendingHeals: 3 }), true],
  ['more heals that wait', ofBrick({ pendingHeals: 3 }), ofBrick({ pendingHeals: 4 }), false],
  ['heals that nobody can count', ofBrick({ pendingHeals: 0 }), ofBrick({ pendingHeals: null }), true],
  ['the same failure later', ofFailure('timed-out'), ofFailure('timed-out', 2), false],
  ['another failure', ofFailure('timed-out'), ofFailure('bad-output'), true],
])('%s', (_, before, after, isChange) => {
  expect(before !== after).toBe(isChange);
});
