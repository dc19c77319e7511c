// What plans that are not done yet will put where, so that a burst of requests does not land on one slot: free space
// counts only what was written, and a plan that was just made has written nothing.
//
// A plan under way takes its bytes from its slots. A proposal only makes them less attractive, and only to volumes whose
// own proposal is newer or missing: else two proposals could displace each other for ever.

import { compareText, sortedByText } from '../../../shared/lib/compare-text.ts';
import type { Plan, PlanRecord } from '../../../shared/model/plan.ts';
import { isUnderWay } from '../../../shared/model/plan.ts';
import type { Volume } from '../../../shared/model/volume.ts';

export interface Reservation {
  readonly server: string;
  readonly mountPoint: string;
  /** The volume whose brick it will be; left out, it may be any, and no other brick is put beside it. */
  readonly volume?: string;
  /** What the brick is expected to hold. */
  readonly bytes?: number;
  /** Whether its bytes only count for the choice, and not for whether a brick fits. */
  readonly isProposal?: boolean;
}

/** The reservations of `records` that a placement for `volume` must respect; `own` is its open proposal, if it has one. */
export function reservationsFor(
  volume: Volume,
  records: Iterable<PlanRecord>,
  own: PlanRecord | undefined,
): Reservation[] {
  return sortedByText(records, ({ plan }) => plan.id).flatMap((record) => {
    const { plan, status } = record;
    if (isUnderWay(status)) return placesOf(plan, false);
    if (status !== 'proposed' || plan.goal.volumeId === volume.id) return [];
    return own === undefined || isOlder(plan, own.plan) ? placesOf(plan, true) : [];
  });
}

/** Plans of one activation have one time; they were made in the order of their volumes. */
function isOlder(a: Plan, b: Plan): boolean {
  return (a.writtenAt - b.writtenAt || compareText(a.goal.volume, b.goal.volume)) < 0;
}

/** A brick is expected to hold what it would if the volume were spread evenly once it has grown. */
function placesOf({ steps, goal, before, after }: Plan, isProposal: boolean): Reservation[] {
  const added = after.subvolumes - before.subvolumes;
  const used = after.sizeBytes === 0 ? 0 : 1 - after.freeBytes / after.sizeBytes;
  const bytes = added < 1 ? 0 : Math.round((used * (after.sizeBytes - before.sizeBytes)) / added);
  return steps.flatMap((step) =>
    step.kind === 'make-brick-directory'
      ? [{ server: step.server, mountPoint: step.mountPoint, volume: goal.volume, bytes, isProposal }]
      : [],
  );
}
