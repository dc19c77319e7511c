// Which mount points hold a slot or a brick now: those whose free space matters each second. PURE. A slot whose disk is
// not mounted holds nothing; its path would give the numbers of the root filesystem.

import type { MountTable } from '../../shared/lib/mount-table.ts';
import type { Brick } from '../../shared/model/brick.ts';
import type { AgentConfig } from '../../shared/protocol/agent-config.ts';

/** The mount points in `table` that hold one of `slots` or `bricks`; null bricks are unknown ones. */
export function holdersOf(
  table: MountTable,
  slots: AgentConfig['slots'],
  bricks: readonly Brick[] | null,
): Set<string> {
  const mountPoints = new Set<string>();
  for (const slot of slots) mountPoints.add(slot.mountPoint);
  for (const brick of bricks ?? []) if (brick.mountPoint) mountPoints.add(brick.mountPoint);
  for (const mountPoint of mountPoints) if (!table.mountAt(mountPoint)) mountPoints.delete(mountPoint);
  return mountPoints;
}
