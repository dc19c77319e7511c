// Which mount a path lies on. PURE. A later mount hides what was mounted there or below before, so the longest prefix
// is not the answer: the path is walked from the topmost mount downwards, as the kernel does.
import { type Mount, parseMountinfo } from './parse-mountinfo.ts';

export interface MountTable {
  /** The mount that `path` lies on, for a path without symbolic links. */
  mountOf(path: string): Mount;
  /** The mount whose mount point is exactly `path`, or null when nothing is mounted there (or it is hidden). */
  mountAt(path: string): Mount | null;
  /** All mounts that can be reached by a path. */
  visible: readonly Mount[];
}

/** The table in `mountinfo`. Throws MortarError('bad-output') as the parser does. */
export function createMountTable(mountinfo: string): MountTable {
  const mounts = parseMountinfo(mountinfo);
  const ids = new Set(mounts.map((mount) => mount.id));
  const children = new Map<number, Mount[]>();
  for (const mount of mounts) {
    const siblings = children.get(mount.parentId);
    if (siblings) siblings.push(mount);
    else children.set(mount.parentId, [mount]);
  }
  const top = mounts.find((mount) => mount.mountPoint === '/' && !ids.has(mount.parentId)) ?? mounts[0]!;

  function mountOf(path: string): Mount {
    let current = top;
    // Each turn goes one mount down, so there are at most as many turns as mounts.
    for (let turn = 0; turn < mounts.length; turn += 1) {
      const next = firstCrossed(children.get(current.id) ?? [], path);
      if (next === null) break;
      current = next;
    }
    return current;
  }

  return {
    mountOf,
    mountAt(path) {
      const mount = mountOf(path);
      return mount.mountPoint === path ? mount : null;
    },
    visible: mounts.filter((mount) => mountOf(mount.mountPoint) === mount),
  };
}

/** Whether `path` is `directory` or lies below it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

/** Whether nothing can be written through `mount`. */
export function isReadOnly(mount: Mount): boolean {
  return mount.options.includes('ro') || mount.superOptions.includes('ro');
}

function firstCrossed(candidates: readonly Mount[], path: string): Mount | null {
  let first: Mount | null = null;
  for (const mount of candidates) {
    if (!isWithin(path, mount.mountPoint)) continue;
    if (first === null || mount.mountPoint.length < first.mountPoint.length) first = mount;
  }
  return first;
}
