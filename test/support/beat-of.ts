// The beat that an agent would send with a report: the numbers that move, as the report has them.
import type { Beat, Report } from '../../shared/model/report.ts';

/** The beat that follows `report`, of the same run and moment. */
export function beatOf(report: Report): Beat {
  const { filesystems, bricks } = report.sections;
  return {
    server: report.server,
    run: report.run,
    sequence: report.sequence + 1,
    sentAt: report.sentAt,
    filesystems:
      filesystems.kind === 'seen'
        ? filesystems.value.map(({ mountPoint, freeBytes, inodesFree }) => ({
            mountPoint,
            freeBytes,
            inodesFree,
          }))
        : [],
    bricks:
      bricks.kind === 'seen'
        ? bricks.value.flatMap(({ path, isUp }) => (isUp === null ? [] : [{ path, isUp }]))
        : [],
  };
}
