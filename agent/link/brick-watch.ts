// Whether each brick's process still runs, cheap enough for each second. Which brick a process serves is in its command line,
// whose reading hangs while the process hangs on its disk; so that is read once for each process, which is known again by its
// number and the time of its start.
import { systemCodeOf } from '../../shared/lib/errors.ts';
import type { Brick } from '../../shared/model/brick.ts';
import type { Beat } from '../../shared/model/report.ts';
import type { Files } from '../observe/files.ts';
import { servesBrick, startOfProcess } from './brick-process.ts';

type Watched = Beat['bricks'][number];
/** What `call` answers in time for this beat, or null. */
type Answered = <T>(key: string, call: () => Promise<T>) => Promise<T | null>;

/** Says of each of `bricks`, as root saw them last, whether it is up. One of which that is not known is left out. */
export function createBrickWatch(
  files: Files,
  answered: Answered,
): (bricks: readonly Brick[]) => Promise<Watched[]> {
  /** What was found of a brick's process, by the brick's path; `identity` is the number and the start of the process. */
  const known = new Map<string, { identity: string; isUp: true | null }>();

  async function isUp({ path, pid, isUp }: Brick): Promise<boolean | null> {
    if (pid === null || isUp !== true) return isUp;
    const start = startOfProcess(files.readKernelText(`/proc/${pid}/stat`) ?? '');
    if (start === null) return false;
    const identity = `${pid} ${start}`;
    const before = known.get(path);
    if (before?.identity === identity) return before.isUp;
    const cmdline = await answered(`the process of ${path}`, () => readCommandLine(pid, files));
    if (cmdline === null) return null;
    const serves = servesBrick(cmdline, path);
    if (serves === 'no') return false;
    // Perhaps: another brick's process serves this one too, or has got the number of the one that did. Root's look tells.
    const now = { identity, isUp: serves === 'yes' ? (true as const) : null };
    known.set(path, now);
    return now.isUp;
  }

  return async (bricks) => {
    // Mostly bricks that were removed; the others are found again at the cost of one read.
    if (known.size > 2 * bricks.length + 100) known.clear();
    const states = await Promise.all(bricks.map(isUp));
    return bricks.flatMap(({ path }, index) => {
      const state = states[index] ?? null;
      return state === null ? [] : { path, isUp: state };
    });
  };
}

/** '' when there is no such process. */
async function readCommandLine(pid: number, files: Files): Promise<string> {
  try {
    return await files.readText(`/proc/${pid}/cmdline`);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
