// Every way in which a slot can be no place for bricks, and the sentence that a person reads.
import { expect, test } from 'vitest';
import { createMounts } from '../../../agent/observe/mounts.ts';
import { observeSlots } from '../../../agent/observe/slots.ts';
import type { AbsolutePath } from '../../../shared/model/names.ts';
import { createOneAtATime } from '../../../shared/runtime/one-at-a-time.ts';
import { createFakeServer, type FakeServer } from '../../support/fake-server.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const slot = (path: string, mountPoint = path) => ({
  path: path as AbsolutePath,
  mountPoint: mountPoint as AbsolutePath,
  tags: ['fast'],
});

function observe(server: FakeServer, ...slots: ReturnType<typeof slot>[]) {
  const clock = createManualClock();
  const observer = observeSlots(slots, server.files, createMounts(server.files), createOneAtATime(clock));
  return { clock, look: () => observer.look() };
}

test('a mounted disk is a slot without a problem, with what already lies in it', async () => {
  const server = createFakeServer();
  server.mount({ mountPoint: '/bricks/b1' });
  server.directory('/bricks/b1', ['vol2', 'lost+found', 'vol1']);
  expect(await observe(server, slot('/bricks/b1')).look()).toEqual([
    {
      path: '/bricks/b1',
      mountPoint: '/bricks/b1',
      tags: ['fast'],
      problem: null,
      entries: ['lost+found', 'vol1', 'vol2'],
    },
  ]);
});

test('of a full directory 1,000 names are told', async () => {
  const server = createFakeServer();
  server.mount({ mountPoint: '/bricks/b1' });
  server.directory(
    '/bricks/b1',
    Array.from({ length: 1500 }, (_, index) => `file${index}`),
  );
  const [seen] = await observe(server, slot('/bricks/b1')).look();
  expect(seen?.entries).toHaveLength(1000);
});

const ext4Root = { type: 'ext4', device: '/dev/vda', deviceNumber: '254:0' };
test.each<[string, (server: FakeServer) => void, ReturnType<typeof slot>, string, string]>([
  [
    'nothing is mounted',
    (server) => server.directory('/bricks/b1'),
    slot('/bricks/b1'),
    'unmounted',
    'nothing is mounted on /bricks/b1, so it lies on the root filesystem',
  ],
  [
    'nothing is mounted below another disk',
    (server) => server.mount({ mountPoint: '/bricks' }),
    slot('/bricks/b1'),
    'unmounted',
    'nothing is mounted on /bricks/b1',
  ],
  [
    'it is /',
    () => {},
    slot('/'),
    'on-root-filesystem',
    '/ lies on the root filesystem, which bricks would fill',
  ],
  [
    'it is a directory of /, and / is given as its mount',
    (server) => server.directory('/srv/slot'),
    slot('/srv/slot', '/'),
    'on-root-filesystem',
    '/srv/slot lies on the root filesystem, which bricks would fill',
  ],
  [
    'the root filesystem is mounted there once more',
    (server) => server.mount({ mountPoint: '/srv/slot', ...ext4Root }),
    slot('/srv/slot'),
    'on-root-filesystem',
    '/srv/slot lies on the root filesystem, which bricks would fill',
  ],
  [
    'the directory is missing on the mounted disk',
    (server) => server.mount({ mountPoint: '/bricks/b1' }),
    slot('/bricks/b1/slots', '/bricks/b1'),
    'missing',
    'the directory /bricks/b1/slots does not exist',
  ],
  [
    'it is a file',
    (server) => {
      server.mount({ mountPoint: '/bricks/b1' });
      server.file('/bricks/b1/slots', '');
    },
    slot('/bricks/b1/slots', '/bricks/b1'),
    'not-a-directory',
    '/bricks/b1/slots is not a directory',
  ],
  [
    'the disk is mounted read-only',
    (server) => server.mount({ mountPoint: '/bricks/b1', options: 'ro,relatime' }),
    slot('/bricks/b1'),
    'read-only',
    'the filesystem on /bricks/b1 is mounted read-only',
  ],
  [
    'the kernel made the filesystem read-only after an error',
    (server) =>
      server.mount({ mountPoint: '/bricks/b1', type: 'ext4', superOptions: 'ro,errors=remount-ro' }),
    slot('/bricks/b1'),
    'read-only',
    'the filesystem on /bricks/b1 is mounted read-only',
  ],
  ...['tmpfs', 'overlay', 'nfs4', 'fuse.glusterfs', 'vfat'].map(
    (type): [string, (server: FakeServer) => void, ReturnType<typeof slot>, string, string] => [
      `it is ${type}`,
      (server) => server.mount({ mountPoint: '/bricks/b1', type }),
      slot('/bricks/b1'),
      'unsupported-filesystem',
      `/bricks/b1 is ${type}, and bricks need one of xfs, ext4, ext3, btrfs, zfs`,
    ],
  ),
  [
    'another disk is mounted between the mount point and the slot',
    (server) => {
      server.mount({ mountPoint: '/bricks' });
      server.mount({ mountPoint: '/bricks/b1' });
      server.directory('/bricks/b1/slots');
    },
    slot('/bricks/b1/slots', '/bricks'),
    'unmounted',
    '/bricks/b1/slots lies on /bricks/b1, not on /bricks as configured',
  ],
  [
    'the disk answers with errors',
    (server) => {
      server.mount({ mountPoint: '/bricks/b1' });
      server.fail('/bricks/b1', 'EIO');
    },
    slot('/bricks/b1'),
    'unreadable',
    'the disk under /bricks/b1 answers with input/output errors',
  ],
  [
    'the agent may not list it',
    (server) => {
      server.mount({ mountPoint: '/bricks/b1' });
      server.fail('/bricks/b1', 'EACCES');
    },
    slot('/bricks/b1'),
    'unreadable',
    'the user of mortar-agent may not list /bricks/b1: chmod o+rx lets it',
  ],
])('a slot is refused because %s', async (_, prepare, configured, code, sentence) => {
  const server = createFakeServer();
  prepare(server);
  const [seen] = await observe(server, configured).look();
  expect(seen).toMatchObject({ problem: { code, sentence }, entries: null });
});

test('a disk that hangs is told of its own slot, and the others are seen', async () => {
  const server = createFakeServer();
  server.mount({ mountPoint: '/bricks/dead' });
  server.mount({ mountPoint: '/bricks/b1' });
  server.hang('/bricks/dead');
  const { clock, look } = observe(server, slot('/bricks/dead'), slot('/bricks/b1'));
  const seen = look();
  await clock.advance(5_000);
  expect(await seen).toMatchObject([
    { problem: { code: 'unreadable', sentence: 'the slot /bricks/dead has not answered for 5 s' } },
    { problem: null },
  ]);
  await clock.advance(25_000);
  expect(await look()).toMatchObject([
    { problem: { sentence: 'the slot /bricks/dead has not answered for 30 s' } },
    { problem: null },
  ]);
  expect(server.reads.get('/bricks/dead')).toBeLessThanOrEqual(2);
});
