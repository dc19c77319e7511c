// Which volume a directory says that it belongs to: the attribute that Gluster itself checks before it starts a brick.
// Node cannot read extended attributes, so getfattr does; its time limit also tells a disk that hangs.
import { MortarError } from '../../../shared/lib/errors.ts';
import type { RunCommand } from '../../../shared/runtime/run-command.ts';

export type VolumeIdState =
  | { kind: 'read'; id: string }
  /** The directory is there and has no such attribute. */
  | { kind: 'absent' }
  /** It could not be told: no directory, no getfattr, or an error of the disk. */
  | { kind: 'unknown' }
  /** The disk does not answer; nothing else may touch it. */
  | { kind: 'hanging' };

/** A healthy disk answers in 2 ms, a busy one in tens. */
const timeoutMs = 5_000;
const maxOutputBytes = 16 * 1024;

/** The trusted.glusterfs.volume-id of `path`, as a UUID. */
export async function readVolumeId(path: string, runCommand: RunCommand): Promise<VolumeIdState> {
  const args = ['--absolute-names', '-n', 'trusted.glusterfs.volume-id', '-e', 'hex', '--', path];
  let result: Awaited<ReturnType<RunCommand>>;
  try {
    result = await runCommand({ file: 'getfattr', args, timeoutMs, maxOutputBytes });
  } catch (error) {
    if (error instanceof MortarError) return { kind: 'unknown' };
    throw error;
  }
  if (result.isTimedOut) return { kind: 'hanging' };
  if (result.code !== 0) {
    return result.stderr.includes('No such attribute') ? { kind: 'absent' } : { kind: 'unknown' };
  }
  const hex = /=0x([0-9a-f]{32})$/m.exec(result.stdout)?.[1];
  return hex ? { kind: 'read', id: uuidOf(hex) } : { kind: 'unknown' };
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
