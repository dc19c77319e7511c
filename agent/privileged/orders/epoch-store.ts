// The highest epoch obeyed so far, on disk before it is obeyed: after a crash a coordinator that was replaced must not
// be obeyed again. A file that cannot be read as a number stops the process rather than count as 0.
import { join } from 'node:path';
import { errorCodeOf, MortarError } from '../../../shared/lib/errors.ts';
import { readTextFile, writeFileDurably } from '../../../shared/runtime/files.ts';

export interface EpochStore {
  /** The highest epoch obeyed so far; 0 before the first order. */
  highest(): number;
  /** Makes `epoch` the highest, on disk when it resolves. Lower or equal ones change nothing. */
  raise(epoch: number): Promise<void>;
}

/** The epoch kept in `directory`. Throws MortarError('bad-input') when the file holds no number. */
export async function openEpochStore(directory: string): Promise<EpochStore> {
  const path = join(directory, 'epoch');
  let highest = await readEpoch(path);
  return {
    highest: () => highest,
    async raise(epoch) {
      if (epoch <= highest) return;
      await writeFileDurably(path, `${epoch}\n`, { mode: 0o600 });
      highest = epoch;
    },
  };
}

async function readEpoch(path: string): Promise<number> {
  let text: string;
  try {
    text = await readTextFile(path, { maxBytes: 64 });
  } catch (error) {
    if (errorCodeOf(error) === 'not-found') return 0;
    throw error;
  }
  if (!/^[0-9]{1,15}\n$/.test(text)) {
    throw new MortarError('bad-input', `${path} does not hold an epoch; restore it before orders are obeyed`);
  }
  return Number(text);
}
