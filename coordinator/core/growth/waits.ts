// When time alone stands in the way of a growth: the hold before it, the cooldown after the last one, the maintenance
// window. An emergency cuts the hold and may pass the cooldown once.
//
// "Once" is read from the plans, so that nothing has to be remembered: when the last growth itself began inside the
// cooldown of the one before it, the pass has been used, and the next growth waits.
import { formatDuration } from '../../../shared/lib/duration.ts';
import type { PlanRecord } from '../../../shared/model/plan.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Volume } from '../../../shared/model/volume.ts';
import { nextOpening } from '../../../shared/model/window.ts';
import type { State } from '../state.ts';
import { atTime } from '../wording.ts';
import { endedGrowths } from './past-growths.ts';

/** How long even an emergency must last: ten beats, so that one bad sample of zero bytes grows nothing. */
export const emergencyHoldMs = 10_000;

/** A wait: what follows "the level is crossed; " in a sentence, and when it ends (ms since 1970). */
export interface Wait {
  readonly words: string;
  readonly endsAt: number;
}

/** Since when the level and the emergency level have been crossed, ms since 1970; null when they are not. */
export interface Crossings {
  readonly crossedSince: number | null;
  readonly emergencySince: number | null;
}

/** The wait whether the crossing lasts; null when it has lasted long enough. */
export function waitForHold(policy: Policy, crossings: Crossings, now: number): Wait | null {
  const holdMs = policy.holdSeconds * 1000;
  const ordinary = (crossings.crossedSince ?? now) + holdMs;
  const urgent =
    crossings.emergencySince === null ? Number.POSITIVE_INFINITY : crossings.emergencySince + emergencyHoldMs;
  const endsAt = Math.min(ordinary, urgent);
  if (endsAt <= now) return null;
  const lasting = formatDuration(urgent < ordinary ? emergencyHoldMs : holdMs);
  return { words: `it is waiting whether that lasts for ${lasting}, until ${atTime(endsAt)}`, endsAt };
}

/** The wait after the last growth; null when it is over, or when an emergency passes it. */
export function waitForCooldown(
  state: State,
  volume: Volume,
  policy: Policy,
  { emergencySince }: Crossings,
  now: number,
): Wait | null {
  const cooldownMs = policy.cooldownSeconds * 1000;
  const ended = endedGrowths(state, volume);
  const last = ended.at(-1);
  const endedAt = last?.endedAt ?? null;
  const endsAt = (endedAt ?? 0) + cooldownMs;
  if (endedAt === null || endsAt <= now) return null;
  const words = `its last growth ended at ${atTime(endedAt)}, and it cools down until ${atTime(endsAt)}`;
  if (emergencySince === null) return { words, endsAt };
  if (wasDuringCooldown(ended, cooldownMs)) {
    return { words: `${words}: an emergency may pass that once, and the last growth did`, endsAt };
  }
  const passesAt = emergencySince + emergencyHoldMs;
  if (passesAt <= now) return null;
  return { words: `${words}, or until the emergency has lasted to ${atTime(passesAt)}`, endsAt: passesAt };
}

/** The wait for the maintenance window; null when it is open, or none is set. */
export function waitForWindow({ window }: Policy, now: number): Wait | null {
  const endsAt = window === null ? null : nextOpening(window, now);
  if (endsAt === null) return null;
  return { words: `it waits for its maintenance window, which opens at ${atTime(endsAt)}`, endsAt };
}

/** Whether the last of the `ended` growths began before the cooldown of the one before it was over. */
function wasDuringCooldown(ended: readonly PlanRecord[], cooldownMs: number): boolean {
  const startedAt = ended.at(-1)?.startedAt ?? null;
  const before = ended.at(-2)?.endedAt ?? null;
  return startedAt !== null && before !== null && startedAt < before + cooldownMs;
}
