// The number of a group, from /etc/group itself: Node has no call for it, and a group of a local daemon is local.
import { readFile } from 'node:fs/promises';
import { MortarError } from '../../../shared/lib/errors.ts';

/** The id of the group `name`. Throws MortarError('bad-config') when there is none. */
export async function findGroup(name: string, path = '/etc/group'): Promise<number> {
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const [group, , id] = line.split(':');
    if (group === name && id && /^[0-9]+$/.test(id)) return Number(id);
  }
  throw new MortarError('bad-config', `there is no group ${name} in ${path}; the package makes it`);
}
