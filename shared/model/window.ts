// A maintenance window: the days and hours, in UTC, in which Mortar may start a growth by itself. UTC, because a window
// that shifts with daylight saving would be open or closed at an hour that nobody meant.
import { type Static, Type } from 'typebox';
import { OneOf } from './schema.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const time = (description: string) =>
  Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description });

export const MaintenanceWindow = Type.Object(
  {
    days: Type.Array(OneOf(weekdays), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description:
        'Days on which the window opens. `window=none`, the default, is open always: adding bricks interrupts nobody, and a full volume does',
    }),
    from: time('When it opens, as HH:MM in UTC'),
    to: time(
      'When it closes, as HH:MM in UTC; not after `from`, it is the next day’s. Only the start of a plan by itself (`auto`) is held back: what has begun is finished, and a person may approve at any time',
    ),
  },
  { additionalProperties: false },
);
export type MaintenanceWindow = Static<typeof MaintenanceWindow>;

const dayMs = 86_400_000;

/** When `window` opens next (ms since 1970), or null when it is open at `now`. */
export function nextOpening(window: MaintenanceWindow, now: number): number | null {
  const opensAt = minutesOf(window.from) * 60_000;
  const closesAt = minutesOf(window.to) * 60_000;
  const lengthMs = closesAt > opensAt ? closesAt - opensAt : closesAt + dayMs - opensAt;
  const midnight = Math.floor(now / dayMs) * dayMs;
  // From yesterday, whose window may reach into today, to the same day of the next week.
  for (let day = -1; day <= 7; day += 1) {
    const start = midnight + day * dayMs;
    // The first of January 1970 was a Thursday.
    const weekday = weekdays[(start / dayMs + 3) % 7];
    if (weekday === undefined || !window.days.includes(weekday)) continue;
    if (start + opensAt > now) return start + opensAt;
    if (now < start + opensAt + lengthMs) return null;
  }
  // Not reached while there is a day, which the schema sees to.
  return now + dayMs;
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
