// What a killed run leaves of its socket. Asked before anything else is opened: two of these processes on one state
// directory would each write a journal that the other does not know.
import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { MortarError, systemCodeOf } from '../../../shared/lib/errors.ts';

/**
 * Takes away the socket at `path` that a killed run left. Throws MortarError('conflict') when somebody answers on it, or
 * when it is no socket.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (!found) return;
  if (!found.isSocket()) throw new MortarError('conflict', `${path} is there and is not a socket`);
  if (await isAnswered(path)) throw new MortarError('conflict', `another process listens on ${path}`);
  await unlink(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
