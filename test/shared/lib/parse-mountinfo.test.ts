// The parser against tables of real servers, and against everything that could be in its place.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseMountinfo } from '../../../shared/lib/parse-mountinfo.ts';

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/mountinfo', `${name}.txt`), 'utf8');

describe.each(['bookworm', 'trixie'])('the mounts of a real server with %s', (name) => {
  const mounts = parseMountinfo(fixture(name));
  const at = (mountPoint: string) => mounts.filter((mount) => mount.mountPoint === mountPoint);

  test('has one for each line', () => {
    expect(mounts).toHaveLength(fixture(name).trimEnd().split('\n').length);
  });

  test('has the XFS disk with its options, both of the mount and of the filesystem', () => {
    expect(at('/bricks/b1')).toEqual([
      expect.objectContaining({
        parentId: 832,
        deviceNumber: '7:6',
        root: '/',
        options: ['rw', 'relatime'],
        type: 'xfs',
        source: '/dev/vdb',
        superOptions: ['rw', 'inode64', 'logbufs=8', 'logbsize=32k', 'noquota'],
      }),
    ]);
  });

  test('has the same device at a mount point with a space, and at a bind mount with its directory', () => {
    expect(at('/bricks/with space')).toMatchObject([{ deviceNumber: '7:6', root: '/' }]);
    expect(at('/bricks/bound')).toMatchObject([{ deviceNumber: '7:6', root: '/brick' }]);
  });

  test('has the read-only disk and the mounted volume', () => {
    expect(at('/bricks/ro')).toMatchObject([
      { type: 'ext4', options: ['ro', 'relatime'], superOptions: ['ro'] },
    ]);
    expect(at('/mnt/dist')).toMatchObject([{ type: 'fuse.glusterfs', source: 'gluster1:/dist' }]);
  });
});

test.each([
  ['no optional field', '27 1 254:0 / / rw - ext4 /dev/vda rw', { type: 'ext4', mountPoint: '/' }],
  [
    'several optional fields',
    '27 1 254:0 / / rw shared:1 master:2 propagate_from:3 - ext4 /dev/vda rw',
    { type: 'ext4', source: '/dev/vda' },
  ],
  ['a source of one dash', '27 1 0:5 / /x rw - tmpfs - rw', { type: 'tmpfs', source: '-' }],
  ['an empty source', '27 1 0:5 / /x rw - tmpfs  rw', { source: '', superOptions: ['rw'] }],
  [
    'tab, newline and backslash in the mount point',
    '27 1 0:5 / /a\\011b\\012c\\134d rw - xfs /dev/vdb rw',
    { mountPoint: '/a\tb\nc\\d' },
  ],
  ['an escaped escape, once only', '27 1 0:5 / /a\\134040b rw - xfs /dev/vdb rw', { mountPoint: '/a\\040b' }],
  ['letters beyond ASCII', '27 1 0:5 / /Fässer rw - xfs /dev/vdb rw', { mountPoint: '/Fässer' }],
])('a line with %s', (_, line, expected) => {
  expect(parseMountinfo(`${line}\n`)).toMatchObject([expected]);
});

test.each([
  ['nothing', ''],
  ['another file', 'MemTotal: 1 kB\n'],
  ['a line that was cut off', '27 1 254:0 / / rw - ext4 /dev/vda rw\n28 27 0:5 / /x rw - tmp'],
  ['a line without a separator', '27 1 254:0 / / rw ext4 /dev/vda rw\n'],
  ['a relative mount point', '27 1 254:0 / x rw - ext4 /dev/vda rw\n'],
  ['a device that is no pair of numbers', '27 1 vda / / rw - ext4 /dev/vda rw\n'],
  ['an identifier that is no number', 'x 1 254:0 / / rw - ext4 /dev/vda rw\n'],
  ['binary garbage', '\u0000\u0001\u0002 \u0003'],
])('%s is an error, and no shorter list of mounts', (_, text) => {
  expect(() => parseMountinfo(text)).toThrow(expect.objectContaining({ code: 'bad-output' }));
});

test('the error names the line', () => {
  expect(() => parseMountinfo('27 1 254:0 / / rw - ext4 /dev/vda rw\nbroken\n')).toThrow(
    'line 2 of mountinfo',
  );
});
