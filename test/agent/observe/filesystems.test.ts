// Which filesystems are reported, and with which numbers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemFiles } from '../../../agent/observe/files.ts';
import { chooseMounts, observeFilesystems } from '../../../agent/observe/filesystems.ts';
import { createMounts } from '../../../agent/observe/mounts.ts';
import { createMountTable } from '../../../shared/lib/mount-table.ts';
import { createOneAtATime } from '../../../shared/runtime/one-at-a-time.ts';
import { createFakeServer, type FakeServer } from '../../support/fake-server.ts';
import { createManualClock } from '../../support/manual-clock.ts';

function observe(server: FakeServer, holders: string[] = []) {
  const clock = createManualClock();
  const oneAtATime = createOneAtATime(clock);
  const mounts = createMounts(server.files);
  return { clock, observer: observeFilesystems(server.files, mounts, oneAtATime, () => new Set(holders)) };
}

const realTable = createMountTable(
  readFileSync(join(import.meta.dirname, '../../fixtures/mountinfo/bookworm.txt'), 'utf8'),
);

test.each([
  ['no slot', [], ['/bricks/b1', '/bricks/ro']],
  ['a slot on a bind mount', ['/bricks/bound'], ['/bricks/b1', '/bricks/bound', '/bricks/ro']],
  ['a brick on the root filesystem', ['/'], ['/', '/bricks/b1', '/bricks/ro']],
  ['a slot on nothing', ['/bricks/b9'], ['/bricks/b1', '/bricks/ro']],
])('of a real server with %s: one mount of each disk, and what holds something', (_, holders, expected) => {
  const chosen = chooseMounts(realTable, new Set(holders));
  expect(chosen.map((mount) => mount.mountPoint)).toEqual(expected);
});

test('a filesystem is told with its device, its options and its space', async () => {
  const server = createFakeServer();
  server.mount({
    mountPoint: '/bricks/b1',
    device: '/dev/vdb',
    deviceNumber: '8:16',
    options: 'rw,relatime',
    superOptions: 'rw,noquota',
    space: { sizeBytes: 2e9, freeBytes: 1.5e9, inodes: 100, inodesFree: 97 },
  });
  const [root, disk] = await observe(server).observer.look();
  expect(root).toMatchObject({ mountPoint: '/', isRoot: true });
  expect(disk).toEqual({
    mountPoint: '/bricks/b1',
    device: '/dev/vdb',
    deviceNumber: '8:16',
    type: 'xfs',
    options: ['rw', 'relatime', 'noquota'],
    isReadOnly: false,
    isRoot: false,
    sizeBytes: 2e9,
    deviceBytes: null,
    freeBytes: 1.5e9,
    inodes: 100,
    inodesFree: 97,
  });
});

test('a mount point with a newline in its name is left out, because no brick may lie there', async () => {
  const server = createFakeServer();
  server.mount({ mountPoint: '/bricks\\012evil' });
  expect((await observe(server).observer.look()).map((each) => each.mountPoint)).toEqual(['/']);
});

test('a disk that hangs fails the look with its name, and is asked once however often there is a look', async () => {
  const server = createFakeServer();
  server.mount({ mountPoint: '/bricks/dead' });
  server.hang('/bricks/dead');
  const { clock, observer } = observe(server);
  const first = expect(observer.look()).rejects.toThrow(
    'the filesystem on /bricks/dead has not answered for 5 s',
  );
  await clock.advance(5_000);
  await first;
  await clock.advance(25_000);
  await expect(observer.look()).rejects.toThrow('the filesystem on /bricks/dead has not answered for 30 s');
  expect(server.reads.get('/bricks/dead')).toBe(1);
});

test('on this machine the numbers of / are those of statfs', async () => {
  const space = await systemFiles.statfs('/');
  expect(space.sizeBytes).toBeGreaterThan(space.freeBytes);
  expect(space.freeBytes).toBeGreaterThan(0);
  expect(Number.isInteger(space.sizeBytes)).toBe(true);
});
