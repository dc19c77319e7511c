// Runs steps on real mounts, in a mount namespace of its own: started by `unshare`, so that nothing it mounts is ever
// seen outside, and all of it goes with the process. Takes cases as JSON on standard input, answers results as JSON.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { readMounts } from '../../../../agent/privileged/read-mounts.ts';
import { runStep, type StepResult } from '../../../../agent/privileged/verbs/run-step.ts';
import type { StepEdges } from '../../../../agent/privileged/verbs/verb.ts';
import type { AbsolutePath } from '../../../../shared/model/names.ts';
import { self } from '../orders/make-order.ts';

export interface MountCase {
  /** Shell, run with $M = a fresh tmpfs. */
  setup: string;
  /** Relative to $M; null for $M itself. */
  path: string;
  /** Relative to $M; '' for $M itself. */
  mountPoint: string;
  /** Whether the directory that is there at first has a volume's id on it. */
  isMarked?: boolean;
  /** Whether glusterd knows a volume with a brick there. */
  isOfVolume?: boolean;
  /** Whether the mount table has another number for the mount than its files have, as it is with btrfs. */
  isSubvolume?: boolean;
}
export interface MountResult {
  results: StepResult[];
  /** Mode of what stands at the path afterwards, in octal; null when nothing does. */
  mode: string | null;
}

if (process.argv[2]) {
  process.umask(0o022);
  const cases = JSON.parse(readFileSync(0, 'utf8')) as MountCase[];
  const results: MountResult[] = [];
  for (const [number, one] of cases.entries())
    results.push(await runCase(one, `${process.argv[2]}/${number}`));
  process.stdout.write(JSON.stringify(results));
}

async function runCase(
  { setup, path, mountPoint, isSubvolume, isMarked, isOfVolume }: MountCase,
  root: string,
): Promise<MountResult> {
  mkdirSync(root);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', root]);
  execFileSync('sh', ['-euc', setup], { env: { ...process.env, M: root }, stdio: 'pipe' });
  const step = {
    kind: 'make-brick-directory' as const,
    server: self,
    mountPoint: `${root}${mountPoint}` as AbsolutePath,
    path: `${root}${path}` as AbsolutePath,
  };
  const readSubvolumes = async () => {
    const table = await readMounts();
    const mountAt = (at: string) => {
      const mount = table.mountAt(at);
      return mount && at === step.mountPoint ? { ...mount, deviceNumber: '0:4095' } : mount;
    };
    return { ...table, mountAt };
  };
  const marked = isMarked ? statSync(step.path).ino : null;
  // In getfattr's stead: a new directory has a new inode number, and the mark goes with the old one.
  const runCommand = async () =>
    statSync(step.path).ino === marked
      ? { code: 0, stdout: `trusted.glusterfs.volume-id=0x${'ab'.repeat(16)}\n`, stderr: '' }
      : { code: 1, stdout: '', stderr: 'No such attribute' };
  const gluster = {
    readState: async () => ({ volumes: isOfVolume ? [{ name: 'vol9', bricks: [step] }] : [] }),
  };
  const edges = {
    readMounts: isSubvolume ? readSubvolumes : readMounts,
    runCommand,
    gluster,
  } as unknown as StepEdges;
  const results = [await runStep(step, edges), await runStep(step, edges)];
  const found = statSync(step.path, { throwIfNoEntry: false });
  return { results, mode: found ? (found.mode & 0o7777).toString(8) : null };
}
