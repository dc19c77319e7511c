// The process of a brick: from the pid file that glusterd wrote, believed only when the process with that number is
// this brick's. After a crash the number may be somebody else's. With brick multiplexing one process serves many
// bricks and names only the first, so then any glusterfsd will do.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '../../../shared/lib/errors.ts';

export interface BrickProcess {
  pid: number;
  port: number | null;
}

export interface BrickPlace {
  volume: string;
  host: string;
  path: string;
}

/** The running process of `brick`, or null when there is none. Throws the error of the system when that cannot be seen. */
export async function findBrickProcess(
  brick: BrickPlace,
  isMultiplexed: boolean,
  directories: { run: string; proc: string },
): Promise<BrickProcess | null> {
  const pidFile = `${brick.host}${brick.path.replaceAll('/', '-')}.pid`;
  const text = await readOrEmpty(join(directories.run, 'vols', brick.volume, pidFile));
  if (!/^[1-9][0-9]{0,9}\s*$/.test(text)) return null;
  const pid = Number(text);
  const words = (await readOrEmpty(join(directories.proc, `${pid}`, 'cmdline'))).split('\0');
  if (!(words[0] ?? '').endsWith('glusterfsd')) return null;
  if (!isMultiplexed && wordAfter(words, '--brick-name') !== brick.path) return null;
  const port = Number(wordAfter(words, '--brick-port') ?? Number.NaN);
  return { pid, port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : null };
}

function wordAfter(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
}

/** A file that is not there, or whose process ended between two reads, says that there is none; another error says nothing. */
async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(systemCodeOf(error) ?? '')) return '';
    throw error;
  }
}
