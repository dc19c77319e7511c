// Growing a filesystem to its device: looked at before and after, and refused for anything but what the step names. The
// programs are stood in for by the lines of their output that are read; the lab runs the real ones.
import { describe, expect, test } from 'vitest';
import { isStepDone, runStep } from '../../../../agent/privileged/verbs/run-step.ts';
import type { StepEdges } from '../../../../agent/privileged/verbs/verb.ts';
import { createMountTable } from '../../../../shared/lib/mount-table.ts';
import type { AbsolutePath, VolumeId, VolumeName } from '../../../../shared/model/names.ts';
import type { StepOf } from '../../../../shared/model/step.ts';
import { self } from '../orders/make-order.ts';

const MiB = 1024 ** 2;
const step: StepOf<'grow-filesystem'> = {
  kind: 'grow-filesystem',
  server: self,
  volume: 'vol1' as VolumeName,
  volumeId: '0b7b1c5e-0000-4000-8000-000000000001' as VolumeId,
  mountPoint: '/bricks/b1' as AbsolutePath,
  device: '/dev/vdb' as AbsolutePath,
  type: 'xfs',
  sizeBytesBefore: 960 * MiB,
  deviceBytes: 2048 * MiB,
};

/** A disk of 2 GiB with a filesystem of `sizeMiB`, which its program grows to the whole disk unless it fails. */
function serverWith(
  disk: { type?: string; device?: string; options?: string; sizeMiB: number },
  failure: 'none' | 'refuses' | 'hangs' = 'none',
) {
  const { type = 'xfs', device = '/dev/vdb', options = 'rw' } = disk;
  let sizeMiB = disk.sizeMiB;
  const changes: string[] = [];
  const blocks = () => sizeMiB * 256;
  const answers: Record<string, () => string> = {
    '/usr/sbin/blockdev --getsize64 /dev/vdb': () => `${2048 * MiB}\n`,
    '/usr/sbin/xfs_growfs -n /bricks/b1': () =>
      `meta-data=/dev/vdb               isize=512    agcount=4, agsize=65536 blks\n         =                       sectsz=512   attr=2, projid32bit=1\ndata     =                       bsize=4096   blocks=${blocks()}, imaxpct=25\nlog      =internal log           bsize=4096   blocks=16384, version=2\n`,
    '/usr/sbin/dumpe2fs -h /dev/vdb': () =>
      `Filesystem volume name:   <none>\nInode count:              65536\nBlock count:              ${blocks()}\nBlock size:               4096\n`,
  };
  const edges = {
    readMounts: async () =>
      createMountTable(
        `1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:16 / /bricks/b1 ${options} - ${type} ${device} rw`,
      ),
    runCommand: async ({ file, args }: { file: string; args: readonly string[] }) => {
      const call = [file, ...args].join(' ');
      const answer = answers[call];
      const ended = { signal: null, stderr: '', isTimedOut: false, durationMs: 1 };
      if (answer !== undefined) return { ...ended, code: 0, stdout: answer() };
      changes.push(call);
      if (failure === 'refuses') return { ...ended, code: 1, stdout: '', stderr: 'Bad magic number\n' };
      sizeMiB = 2048;
      return { ...ended, code: 0, stdout: '', isTimedOut: failure === 'hangs' };
    },
  } as unknown as StepEdges;
  return { edges, changes };
}

describe('a filesystem', () => {
  test.each([
    ['xfs', '/usr/sbin/xfs_growfs -d /bricks/b1'],
    ['ext4', '/usr/sbin/resize2fs /dev/vdb'],
  ] as const)('of type %s is grown once, however often that is asked for', async (type, call) => {
    const { edges, changes } = serverWith({ type, sizeMiB: 1024 });
    expect(await isStepDone({ ...step, type }, edges)).toBe(false);
    expect(await runStep({ ...step, type }, edges)).toEqual({
      kind: 'done',
      message: 'grew the filesystem on /bricks/b1',
    });
    expect(await runStep({ ...step, type }, edges)).toMatchObject({ kind: 'done' });
    expect(changes).toEqual([call]);
  });

  test('that has its whole device is left alone', async () => {
    const { edges, changes } = serverWith({ sizeMiB: 2000 });
    expect(await runStep(step, edges)).toEqual({ kind: 'done', message: 'the effect was there already' });
    expect(changes).toEqual([]);
  });

  test.each<[string, Partial<Parameters<typeof serverWith>[0]>, RegExp]>([
    ['of another type', { type: 'btrfs' }, /is btrfs on \/dev\/vdb, and the step was written for xfs/],
    ['on another device', { device: '/dev/vdc' }, /is xfs on \/dev\/vdc/],
    ['that is read-only', { options: 'ro' }, /mounted read-only/],
  ])('%s is refused', async (_, disk, sentence) => {
    const { edges, changes } = serverWith({ sizeMiB: 1024, ...disk });
    expect(await runStep(step, edges)).toEqual({ kind: 'refused', message: expect.stringMatching(sentence) });
    expect(changes).toEqual([]);
  });

  test('whose program fails keeps its size, and says why', async () => {
    const { edges } = serverWith({ sizeMiB: 1024 }, 'refuses');
    expect(await runStep(step, edges)).toEqual({
      kind: 'failed',
      message: '/usr/sbin/xfs_growfs: Bad magic number',
    });
  });

  test('whose program was cut off is looked at again', async () => {
    const { edges } = serverWith({ sizeMiB: 1024 }, 'hangs');
    expect(await runStep(step, edges)).toMatchObject({ kind: 'unknown' });
    expect(await isStepDone(step, edges)).toBe(true);
  });
});
