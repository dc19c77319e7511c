// What is in a beat, and what is left out because nobody knows it.
import { expect, test } from 'vitest';
import { createBeats } from '../../../agent/link/beat.ts';
import { createOrigins } from '../../../agent/link/origin.ts';
import { createMounts } from '../../../agent/observe/mounts.ts';
import type { Brick } from '../../../shared/model/brick.ts';
import type { AbsolutePath, ServerName } from '../../../shared/model/names.ts';
import { createOneAtATime } from '../../../shared/runtime/one-at-a-time.ts';
import { agentConfig } from '../../support/agent-config.ts';
import { createFakeServer, type FakeServer } from '../../support/fake-server.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { sampleBrick, sampleSections } from '../../support/sample-sections.ts';

const words = (path: string, program = '/usr/sbin/glusterfsd') => [
  program,
  '-s',
  'gluster1',
  '--brick-name',
  path,
  '--brick-port',
  '51136',
];

async function beating(bricks: Brick[] | null, slots: string[] = []) {
  const server = createFakeServer();
  server.mount({ mountPoint: '/bricks/b1' });
  server.mount({ mountPoint: '/bricks/b2' });
  server.process(500, words('/bricks/b1/vol1'));
  const clock = createManualClock();
  const mounts = createMounts(server.files);
  mounts.read();
  const beat = createBeats({
    config: agentConfig(slots),
    files: server.files,
    mounts,
    oneAtATime: createOneAtATime(clock),
    sections: () => sampleSections(bricks ? { bricks } : {}),
    origin: createOrigins('gluster1' as ServerName, 'a-random-name', clock),
  });
  return { server, clock, beat };
}

test('a beat has the space under each slot and each brick, and of nothing else', async () => {
  const { server, beat } = await beating([sampleBrick()], ['/bricks/b2', '/bricks/unmounted']);
  server.setSpace('/bricks/b1', { freeBytes: 111, inodesFree: 11 });
  server.setSpace('/bricks/b2', { freeBytes: 222, inodesFree: 22 });
  expect((await beat()).filesystems).toEqual([
    { mountPoint: '/bricks/b2', freeBytes: 222, inodesFree: 22 },
    { mountPoint: '/bricks/b1', freeBytes: 111, inodesFree: 11 },
  ]);
});

test('beats say where they come from, each with a number that grows', async () => {
  const { clock, beat } = await beating(null);
  const first = await beat();
  await clock.advance(1_000);
  const second = await beat();
  expect(first).toMatchObject({
    server: 'gluster1',
    run: 'a-random-name',
    sequence: 0,
    sentAt: 1_700_000_000_000,
  });
  expect(second).toMatchObject({ sequence: 1, sentAt: 1_700_000_001_000 });
});

test('a disk that is unmounted while it is measured is left out: its numbers would be those of the root filesystem', async () => {
  const { server, beat } = await beating(null, ['/bricks/b1', '/bricks/b2']);
  const release = server.hang('/bricks/b1');
  const taken = beat();
  server.unmount('/bricks/b1');
  release();
  expect((await taken).filesystems.map((each) => each.mountPoint)).toEqual(['/bricks/b2']);
  expect((await beat()).filesystems.map((each) => each.mountPoint)).toEqual(['/bricks/b2']);
});

test('a disk that hangs is left out, is asked once, and delays the beat by half a second at most', async () => {
  const { server, clock, beat } = await beating(null, ['/bricks/b1', '/bricks/b2']);
  server.hang('/bricks/b1');
  const taken = beat();
  await clock.advance(500);
  expect((await taken).filesystems.map((each) => each.mountPoint)).toEqual(['/bricks/b2']);
  expect((await beat()).filesystems.map((each) => each.mountPoint)).toEqual(['/bricks/b2']);
  expect(server.reads.get('/bricks/b1')).toBe(1);
});

test('a disk that answers with errors is left out, and so are all when the mounts cannot be read', async () => {
  const { server, beat } = await beating(null, ['/bricks/b1', '/bricks/b2']);
  server.fail('/bricks/b1', 'EIO');
  expect((await beat()).filesystems.map((each) => each.mountPoint)).toEqual(['/bricks/b2']);
  server.fail('/proc/1/mountinfo', 'EACCES');
  expect((await beat()).filesystems).toEqual([]);
});

const path = '/bricks/b1/vol1' as AbsolutePath;
const ended = (server: FakeServer) => {
  server.remove('/proc/500/stat');
  server.remove('/proc/500/cmdline');
};
test.each<[string, Partial<Brick>, (server: FakeServer) => void, boolean | null]>([
  ['its process runs', {}, () => {}, true],
  ['its process is gone', {}, ended, false],
  [
    'its process has ended and waits for its parent',
    {},
    (server) => server.file('/proc/500/stat', '500 (glusterfsd) Z 1 1\n'),
    false,
  ],
  [
    'its number is that of another program now',
    {},
    (server) => server.process(500, words(path, '/usr/bin/vim')),
    false,
  ],
  [
    'another brick’s process has its number, and may serve it as well',
    {},
    (server) => server.process(500, words('/bricks/b1/other')),
    null,
  ],
  ['it was down when root looked', { isUp: false, pid: null }, ended, false],
  ['nobody knows', { isUp: null, pid: null }, ended, null],
  ['it is up, and nobody knows its process', { isUp: true, pid: null }, ended, true],
  ['the process ended in the middle', {}, (server) => server.remove('/proc/500/cmdline'), false],
  ['the process may not be looked at', {}, (server) => server.fail('/proc/500/cmdline', 'EACCES'), null],
])('of a brick of which %s', async (_, over, change, isUp) => {
  const { server, beat } = await beating([sampleBrick(over)]);
  change(server);
  expect((await beat()).bricks).toEqual(isUp === null ? [] : [{ path, isUp }]);
});

test('a brick’s process is identified once, and after its number was given to another at the next beat', async () => {
  const { server, beat } = await beating([sampleBrick()]);
  for (let second = 0; second < 5; second += 1) expect((await beat()).bricks).toEqual([{ path, isUp: true }]);
  expect(server.reads.get('/proc/500/cmdline')).toBe(1);
  server.process(500, words(path, '/usr/bin/vim'), 2);
  expect((await beat()).bricks).toEqual([{ path, isUp: false }]);
});

test('a process that may serve a brick is asked once, and the brick is down when it has ended', async () => {
  const { server, beat } = await beating([sampleBrick()]);
  server.process(500, words('/bricks/b1/other'));
  for (let second = 0; second < 5; second += 1) expect((await beat()).bricks).toEqual([]);
  expect(server.reads.get('/proc/500/cmdline')).toBe(1);
  ended(server);
  expect((await beat()).bricks).toEqual([{ path, isUp: false }]);
});

test('a brick that hangs on its disk is up while its process is there, if it was known before', async () => {
  const { server, clock, beat } = await beating([sampleBrick()]);
  server.hang('/proc/500/cmdline');
  const taken = beat();
  await clock.advance(500);
  expect((await taken).bricks).toEqual([]);

  const known = await beating([sampleBrick()]);
  await known.beat();
  known.server.hang('/proc/500/cmdline');
  expect((await known.beat()).bricks).toEqual([{ path, isUp: true }]);
});

test('while the bricks are not known, a beat says nothing of them', async () => {
  const { beat } = await beating(null);
  expect((await beat()).bricks).toEqual([]);
});
