// `gluster --version`, which needs neither root nor glusterd.
import { badOutput, quote, requireSize } from './strict-text.ts';

/** The version on the first line ("glusterfs 10.3" → "10.3", also "11.1" or "10.3rc1"). Throws `bad-output`. */
export function parseVersion(text: string): string {
  requireSize(text, 'gluster --version');
  const version = /^glusterfs ([0-9]+(?:\.[0-9]+)+(?:[a-z]+[0-9]+)?)\n/.exec(text)?.[1];
  if (version) return version;
  throw badOutput(`gluster --version begins with ${quote(text.split('\n', 1)[0] ?? '')}`);
}
