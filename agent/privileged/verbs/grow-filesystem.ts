// Grows a mounted filesystem to the size of its device. It only ever grows, and only what is mounted where the step says,
// from the device that it names; both programs work on a filesystem in use. Sizes are asked of the filesystem itself:
// statfs leaves out its log and its tables.
import { MortarError } from '../../../shared/lib/errors.ts';
import { isReadOnly } from '../../../shared/lib/mount-table.ts';
import type { StepOf } from '../../../shared/model/step.ts';
import type { CommandResult } from '../../../shared/runtime/run-command.ts';
import type { Applied, StepEdges, Verb } from './verb.ts';

type GrowFilesystem = StepOf<'grow-filesystem'>;

/** The last group of a filesystem may be too small to be used; less than this is not worth growing for. */
const leastGainBytes = 64 * 1024 ** 2;
const limits = { timeoutMs: 100_000, maxOutputBytes: 64 * 1024 };

export const growFilesystem: Verb<'grow-filesystem'> = {
  async isDone(step, edges) {
    if (!(await judgeMount(step, edges)).ok) return false;
    const deviceBytes = await readDeviceBytes(step, edges);
    return (await readFilesystemBytes(step, edges)) + leastGainBytes > deviceBytes;
  },

  async apply(step, edges): Promise<Applied> {
    const found = await judgeMount(step, edges);
    if (!found.ok) return { kind: 'refused', message: found.sentence };
    const [file, ...args] =
      step.type === 'xfs'
        ? ['/usr/sbin/xfs_growfs', '-d', step.mountPoint]
        : ['/usr/sbin/resize2fs', step.device];
    const result = await edges.runCommand({ file, args, ...limits });
    if (result.isTimedOut) return { kind: 'unknown', message: `${file} did not end within 100 s` };
    if (result.code === 0) return { kind: 'applied', message: `grew the filesystem on ${step.mountPoint}` };
    const words = result.stderr.trim() || result.stdout.trim() || `it ended with ${result.code}`;
    return { kind: 'failed', message: `${file}: ${words.slice(0, 1000)}` };
  },
};

async function judgeMount(
  step: GrowFilesystem,
  edges: StepEdges,
): Promise<{ ok: true } | { ok: false; sentence: string }> {
  const { mountPoint, device, type } = step;
  const table = await edges.readMounts();
  const mount = table.mountAt(mountPoint);
  const no = (sentence: string) => ({ ok: false as const, sentence });
  if (!mount) return no(`nothing is mounted on ${mountPoint}`);
  if (mount.deviceNumber === table.mountAt('/')?.deviceNumber) {
    return no(`${mountPoint} is on the root filesystem, which never holds bricks`);
  }
  if (mount.source !== device || mount.type !== type) {
    return no(
      `${mountPoint} is ${mount.type} on ${mount.source}, and the step was written for ${type} on ${device}`,
    );
  }
  return isReadOnly(mount) ? no(`${mountPoint} is mounted read-only`) : { ok: true };
}

async function readDeviceBytes({ device }: GrowFilesystem, edges: StepEdges): Promise<number> {
  const { stdout } = await look('/usr/sbin/blockdev', ['--getsize64', device], edges);
  return sizeFrom(Number(stdout.trim()), 1, `the size of ${device}`);
}

async function readFilesystemBytes(
  { type, mountPoint, device }: GrowFilesystem,
  edges: StepEdges,
): Promise<number> {
  const { stdout } =
    type === 'xfs'
      ? await look('/usr/sbin/xfs_growfs', ['-n', mountPoint], edges)
      : await look('/usr/sbin/dumpe2fs', ['-h', device], edges);
  const xfs = /^data\s.*bsize=(\d+)\s+blocks=(\d+)/m.exec(stdout);
  const blocks = xfs?.[2] ?? /^Block count:\s+(\d+)$/m.exec(stdout)?.[1];
  const blockBytes = xfs?.[1] ?? /^Block size:\s+(\d+)$/m.exec(stdout)?.[1];
  return sizeFrom(Number(blocks), Number(blockBytes), `the size of the filesystem on ${mountPoint}`);
}

/** What a program says that changes nothing. Throws MortarError('command-failed'). */
async function look(file: string, args: string[], edges: StepEdges): Promise<CommandResult> {
  const result = await edges.runCommand({ file, args, ...limits });
  if (!result.isTimedOut && result.code === 0) return result;
  throw new MortarError(
    'command-failed',
    `${file} ${args.join(' ')}: ${result.stderr.trim().slice(0, 1000)}`,
  );
}

function sizeFrom(count: number, unitBytes: number, what: string): number {
  const size = count * unitBytes;
  if (Number.isSafeInteger(size) && size > 0) return size;
  throw new MortarError('bad-output', `${what} cannot be read`);
}
