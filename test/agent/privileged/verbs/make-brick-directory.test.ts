// Brick directories on real mounts: made where they may be, applied twice each, and refused with a sentence elsewhere.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeBrickDirectory } from '../../../../agent/privileged/verbs/make-brick-directory.ts';
import type { StepEdges } from '../../../../agent/privileged/verbs/verb.ts';
import { createMountTable } from '../../../../shared/lib/mount-table.ts';
import type { AbsolutePath } from '../../../../shared/model/names.ts';
import { runCommand } from '../../../../shared/runtime/run-command.ts';
import { self } from '../orders/make-order.ts';
import type { MountCase, MountResult } from './run-in-mounts.ts';

/** Without root, a user namespace gives the right to mount in it. */
const unshare = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
const canMount = spawnSync('unshare', [...unshare, 'true']).status === 0;

function runInMounts(cases: MountCase[]): MountResult[] {
  const directory = mkdtempSync(join(tmpdir(), 'mortar-mounts-'));
  try {
    const script = join(import.meta.dirname, 'run-in-mounts.ts');
    const child = spawnSync('unshare', [...unshare, process.execPath, script, directory], {
      input: JSON.stringify(cases),
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(`run-in-mounts failed: ${child.stderr}`);
    return JSON.parse(child.stdout) as MountResult[];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

interface Case extends MountCase {
  name: string;
  first: string;
  second: string;
  message: RegExp;
  mode: string | null;
}
const made = { first: 'done', second: 'done', message: /^made /, mode: '755' };
const refused = { first: 'refused', second: 'refused', mode: null };
const plain = { setup: '', mountPoint: '' };
const cases: Case[] = [
  { name: 'the directory is made', ...plain, path: '/vol1', ...made },
  {
    name: 'a subvolume of btrfs is a mount like others',
    ...plain,
    path: '/a/vol1',
    isSubvolume: true,
    ...made,
  },
  { name: 'the directories above it are made', ...plain, path: '/a/b/vol1', ...made },
  { name: 'an existing directory above it is kept', ...plain, setup: 'mkdir $M/a', path: '/a/vol1', ...made },
  { name: 'names with spaces and newline escapes are names', ...plain, path: '/a b/vol\\012', ...made },
  {
    ...{ name: 'an empty directory is taken as it is', ...plain, setup: 'mkdir $M/vol1', path: '/vol1' },
    ...{ ...made, message: /there already/ },
  },
  {
    ...{ name: 'an empty directory with a volume’s id is made anew', ...plain, setup: 'mkdir $M/vol1' },
    ...{ path: '/vol1', isMarked: true, ...made },
  },
  {
    ...{ name: 'what a refused add-brick leaves is made anew', ...plain, path: '/vol1' },
    ...{ setup: 'mkdir -p $M/vol1/.glusterfs', isMarked: true, ...made },
  },
  {
    ...{ name: 'a brick of a volume that was never started', ...plain, path: '/vol1', isOfVolume: true },
    ...{ setup: 'mkdir -p $M/vol1/.glusterfs', ...refused, mode: '755', message: /is a brick of vol9/ },
  },
  {
    ...{ name: 'a mount inside the tmpfs counts as its own', mountPoint: '/disk', path: '/disk/vol1' },
    ...{ setup: 'mkdir $M/disk; mount -t tmpfs -o mode=0755 tmpfs $M/disk', ...made },
  },
  {
    ...{ name: 'a directory with something in it', ...plain, setup: 'mkdir $M/vol1; touch $M/vol1/precious' },
    ...{ path: '/vol1', ...refused, mode: '755', message: /is not empty: it holds precious/ },
  },
  {
    ...{ name: 'a directory with lost+found', ...plain, setup: 'mkdir -p $M/vol1/lost+found', path: '/vol1' },
    ...{ ...refused, mode: '755', message: /lost\+found/ },
  },
  {
    ...{
      name: 'a directory that is a brick',
      ...plain,
      setup: 'mkdir -p $M/vol1/.glusterfs/00',
      path: '/vol1',
    },
    ...{ ...refused, mode: '755', message: /is a brick already/ },
  },
  {
    ...{ name: 'a place inside a brick', ...plain, setup: 'mkdir -p $M/old/.glusterfs', path: '/old/vol1' },
    ...{ ...refused, message: /a brick cannot lie in a brick/ },
  },
  {
    ...{ name: 'a mount point that is a brick', ...plain, setup: 'mkdir $M/.glusterfs', path: '/vol1' },
    ...{ ...refused, message: /a brick cannot lie in a brick/ },
  },
  {
    ...{
      name: 'a mount point that is not mounted',
      setup: 'mkdir $M/disk',
      mountPoint: '/disk',
      path: '/disk/vol1',
    },
    ...{ ...refused, message: /nothing is mounted on/ },
  },
  {
    ...{ name: 'a mount point that does not exist', setup: '', mountPoint: '/disk', path: '/disk/vol1' },
    ...{ ...refused, message: /nothing is mounted on/ },
  },
  {
    ...{
      name: 'a directory of the root filesystem that is mounted again',
      mountPoint: '/disk',
      path: '/disk/vol1',
    },
    ...{ setup: 'mkdir $M/disk; mount --bind / $M/disk', ...refused, message: /on the root filesystem/ },
  },
  {
    ...{ name: 'a read-only mount', ...plain, setup: 'mount -o remount,ro $M', path: '/vol1' },
    ...{ ...refused, message: /read-only/ },
  },
  {
    ...{ name: 'the mount point itself', ...plain, path: '' },
    ...{ ...refused, mode: '755', message: /is not below/ },
  },
  {
    ...{ name: 'a place beside the mount point', mountPoint: '/disk', path: '/disk2/vol1' },
    ...{ setup: 'mkdir $M/disk; mount -t tmpfs tmpfs $M/disk', ...refused, message: /is not below/ },
  },
  {
    ...{ name: 'a place on another mount', ...plain, setup: 'mkdir $M/a; mount -t tmpfs tmpfs $M/a' },
    ...{ path: '/a/vol1', ...refused, message: /is a mount of its own/ },
  },
  {
    ...{ name: 'a place on a bind mount of the same filesystem', ...plain, path: '/a/vol1' },
    ...{ setup: 'mkdir $M/a $M/b; mount --bind $M/b $M/a', ...refused, message: /is a mount of its own/ },
  },
  {
    ...{ name: 'a symbolic link on the way', ...plain, setup: 'mkdir $M/b; ln -s b $M/a', path: '/a/vol1' },
    ...{ ...refused, message: /a is a symbolic link/ },
  },
  {
    ...{ name: 'a symbolic link in place of the directory', ...plain, setup: 'mkdir $M/b; ln -s b $M/vol1' },
    ...{ path: '/vol1', ...refused, mode: '755', message: /vol1 is a symbolic link/ },
  },
  {
    ...{ name: 'a symbolic link to nowhere', ...plain, setup: 'ln -s nowhere $M/vol1', path: '/vol1' },
    ...{ ...refused, message: /vol1 is a symbolic link/ },
  },
  {
    ...{ name: 'a file in place of the directory', ...plain, setup: 'touch $M/vol1', path: '/vol1' },
    ...{ ...refused, mode: '644', message: /is not a directory/ },
  },
  {
    ...{ name: 'a directory on the way that everybody may write to', ...plain, setup: 'mkdir -m 1777 $M/a' },
    ...{ path: '/a/vol1', ...refused, message: /can be changed by others than root/ },
  },
  {
    ...{
      name: 'a full filesystem',
      ...plain,
      setup:
        'mount -o remount,nr_inodes=1 $M || true; i=0; while mkdir $M/$i 2>/dev/null && [ $i -lt 5 ]; do i=$((i+1)); done; mount -o remount,nr_inodes=$(($(ls $M | wc -l)+1)) $M',
    },
    ...{ path: '/vol1', first: 'failed', second: 'failed', mode: null, message: /ENOSPC|no space/ },
  },
];

describe.runIf(canMount)('a brick directory on a real mount', () => {
  const results = canMount ? runInMounts(cases) : [];
  test.each(cases.map((one, number) => ({ ...one, result: results[number] })))(
    '$name',
    ({ result, ...one }) => {
      const [first, second] = result?.results ?? [];
      expect(first).toEqual({ kind: one.first, message: expect.stringMatching(one.message) });
      expect(second?.kind).toBe(one.second);
      expect(result?.mode).toBe(one.mode);
    },
  );
});

test('nothing is made below a mount point that the kernel does not know', async () => {
  const step = {
    kind: 'make-brick-directory' as const,
    server: self,
    mountPoint: '/nowhere' as AbsolutePath,
    path: '/nowhere/vol1' as AbsolutePath,
  };
  const edges = {
    readMounts: async () => createMountTable('1 0 8:1 / / rw - ext4 /dev/sda1 rw'),
    runCommand,
  } as unknown as StepEdges;
  expect(await makeBrickDirectory.isDone(step, edges)).toBe(false);
  expect(await makeBrickDirectory.apply(step, edges)).toEqual({
    kind: 'refused',
    message: 'nothing is mounted on /nowhere',
  });
});

const isOnRoot = statSync(tmpdir()).dev === statSync('/').dev;
test.runIf(isOnRoot)('nothing is made where the mount is gone again that the table has', async () => {
  const mountPoint = mkdtempSync(join(tmpdir(), 'mortar-unmounted-'));
  const step = {
    kind: 'make-brick-directory' as const,
    server: self,
    mountPoint: mountPoint as AbsolutePath,
    path: `${mountPoint}/vol1` as AbsolutePath,
  };
  const table = `1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / ${mountPoint} rw - xfs /dev/sdb1 rw`;
  const edges = { readMounts: async () => createMountTable(table) } as unknown as StepEdges;
  expect(await makeBrickDirectory.apply(step, edges)).toEqual({
    kind: 'refused',
    message: `${mountPoint} leads to the root filesystem, although a mount is listed there`,
  });
  expect(readdirSync(mountPoint)).toEqual([]);
  rmSync(mountPoint, { recursive: true });
});
