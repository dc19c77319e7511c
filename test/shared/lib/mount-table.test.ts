// Which mount a path lies on, with everything that hides or stacks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMountTable, isReadOnly, isWithin } from '../../../shared/lib/mount-table.ts';

const line = (id: number, parent: number, mountPoint: string, source: string, options = 'rw') =>
  `${id} ${parent} 8:${id} / ${mountPoint} ${options} - xfs ${source} rw\n`;

describe('a table with a disk, a disk below it, and one over the other', () => {
  const table = createMountTable(
    line(20, 1, '/', 'root') +
      line(21, 20, '/bricks', 'bricks') +
      line(22, 21, '/bricks/b1', 'b1') +
      line(23, 20, '/srv', 'old') +
      line(24, 23, '/srv/below', 'hidden') +
      line(25, 23, '/srv', 'new'),
  );

  test.each([
    ['/', 'root'],
    ['/etc', 'root'],
    ['/bricks', 'bricks'],
    ['/bricks/b', 'bricks'],
    ['/bricks/b1', 'b1'],
    ['/bricks/b1/x/y', 'b1'],
    ['/bricks/b10', 'bricks'],
    ['/brick', 'root'],
    ['/srv', 'new'],
    ['/srv/below', 'new'],
    ['/srv/below/x', 'new'],
  ])('%s lies on %s', (path, source) => {
    expect(table.mountOf(path).source).toBe(source);
  });

  test('only the topmost mount is at a mount point, and none where nothing is mounted', () => {
    expect(table.mountAt('/srv')?.source).toBe('new');
    expect(table.mountAt('/srv/below')).toBeNull();
    expect(table.mountAt('/bricks/b2')).toBeNull();
  });

  test('what is hidden is not visible', () => {
    expect(table.visible.map((mount) => mount.source).sort()).toEqual(['b1', 'bricks', 'new', 'root']);
  });
});

test('a disk that was mounted over a directory above a brick hides the brick', () => {
  const table = createMountTable(
    line(20, 1, '/', 'root') + line(21, 20, '/bricks/b1', 'b1') + line(22, 20, '/bricks', 'later'),
  );
  expect(table.mountOf('/bricks/b1/brick').source).toBe('later');
  expect(table.mountAt('/bricks/b1')).toBeNull();
});

test('a loop of parents ends', () => {
  const table = createMountTable(line(20, 21, '/', 'one') + line(21, 20, '/', 'two'));
  expect(['one', 'two']).toContain(table.mountOf('/x').source);
});

test('on a real server the bricks are where they were mounted', () => {
  const path = join(import.meta.dirname, '../../fixtures/mountinfo/bookworm.txt');
  const table = createMountTable(readFileSync(path, 'utf8'));
  expect(table.mountOf('/').source).toBe('mortar-lab');
  expect(table.mountAt('/bricks/b1')).toMatchObject({ type: 'xfs', source: '/dev/vdb' });
  expect(table.mountOf('/bricks/b2/brick').mountPoint).toBe('/');
});

test.each([
  ['rw', 'rw', false],
  ['ro', 'rw', true],
  ['rw', 'ro', true],
  ['rw,errors=remount-ro', 'rw', false],
])('a mount with %s of a filesystem with %s: read-only is %s', (options, superOptions, expected) => {
  const table = createMountTable(`20 1 8:1 / / ${options} - ext4 /dev/vda ${superOptions}\n`);
  expect(isReadOnly(table.mountOf('/'))).toBe(expected);
});

test.each([
  ['/a/b', '/a', true],
  ['/a', '/a', true],
  ['/ab', '/a', false],
  ['/a', '/', true],
  ['/', '/a', false],
])('%s is within %s: %s', (path, directory, expected) => {
  expect(isWithin(path, directory)).toBe(expected);
});
