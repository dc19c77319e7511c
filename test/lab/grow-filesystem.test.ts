// A disk that grows while its filesystem is in use: the real programs on a real server, and what the reports say of it.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isStepDone, runStep } from '../../agent/privileged/verbs/run-step.ts';
import type { StepEdges } from '../../agent/privileged/verbs/verb.ts';
import { createMountTable } from '../../shared/lib/mount-table.ts';
import type { AbsolutePath, ServerName, VolumeId, VolumeName } from '../../shared/model/names.ts';
import type { StepOf } from '../../shared/model/step.ts';
import { describeLab } from './describe-lab.ts';
import { createLab } from './lab.ts';
import { distributions } from './lab-record.ts';

const GiB = 1024 ** 3;

/** The kernel asks for CAP_SYS_RESOURCE (24) to grow an ext4 in use, which root in a container often lacks. */
function mayResizeExt4(): boolean {
  const [, effective = '0'] =
    /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return (BigInt(`0x${effective}`) & (1n << 24n)) !== 0n;
}

for (const distribution of distributions) {
  describeLab(`a disk that grows on ${distribution}`, () => {
    const lab = createLab({
      name: `grow-filesystem-${distribution}`,
      distribution,
      servers: 1,
      disks: 2,
      diskSizeBytes: GiB,
    });
    beforeAll(() => lab.start(), 120_000);
    afterAll(() => lab.stop());

    function edgesOn(): StepEdges {
      const server = lab.server(1);
      return {
        readMounts: async () => createMountTable(await server.readFile('/proc/self/mountinfo')),
        runCommand: async ({ file, args }: { file: string; args: readonly string[] }) => ({
          ...(await server.run([file, ...args])),
          isTimedOut: false,
        }),
      } as unknown as StepEdges;
    }

    test.each([
      ['xfs', 1, '/bricks/b1'],
      ['ext4', 2, '/bricks/b2'],
    ] as const)('has its %s filesystem grown, once, while it is mounted', async (type, disk, mountPoint) => {
      const server = lab.server(1);
      if (type === 'xfs') await server.formatDisk(disk, mountPoint);
      else await server.sh(`mkdir -p ${mountPoint}; mkfs.ext4 -q /dev/vdc; mount /dev/vdc ${mountPoint}`);
      const edges = edgesOn();
      const mount = (await edges.readMounts()).mountAt(mountPoint);
      const sizeOf = async () =>
        Number(await server.sh(`df --block-size=1 --output=size ${mountPoint} | tail -n 1`));
      const sizeBytesBefore = await sizeOf();
      const step: StepOf<'grow-filesystem'> = {
        kind: 'grow-filesystem',
        server: server.name as ServerName,
        volume: 'vol1' as VolumeName,
        volumeId: '0b7b1c5e-0000-4000-8000-000000000001' as VolumeId,
        mountPoint: mountPoint as AbsolutePath,
        device: (mount?.source ?? '') as AbsolutePath,
        type,
        sizeBytesBefore,
        deviceBytes: 2 * GiB,
      };
      expect(await isStepDone(step, edges)).toBe(true);
      server.growDisk(disk, 2 * GiB);
      expect(Number(await server.sh(`cat /sys/dev/block/${mount?.deviceNumber}/size`)) * 512).toBe(2 * GiB);
      expect(await isStepDone(step, edges)).toBe(false);
      if (type === 'ext4' && !mayResizeExt4()) {
        expect(await runStep(step, edges)).toEqual({
          kind: 'failed',
          message: expect.stringContaining('Permission denied to resize filesystem'),
        });
        return;
      }
      expect(await runStep(step, edges)).toEqual({
        kind: 'done',
        message: `grew the filesystem on ${mountPoint}`,
      });
      expect(await runStep(step, edges)).toMatchObject({ message: 'the effect was there already' });
      expect(await sizeOf()).toBeGreaterThan(1.9 * sizeBytesBefore);
    });
  });
}
