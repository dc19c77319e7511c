// How percentages, lists and moments are put into sentences (sizes and durations: shared/lib). Nothing here depends on
// the machine: no locale, no time zone.
import { utcDigits } from './utc-digits.ts';

/** `12.3 %`: one decimal, rounded down, so that 19.99 % does not read as "20.0 %, below 20 %". */
export function inPercent(percent: number): string {
  return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
}

/** `1 brick`, `3 bricks`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`; more than `atMost` are cut to "a, b and 7 more". */
export function listed(items: readonly string[], atMost = 5): string {
  const shown = items.length > atMost ? items.slice(0, atMost - 1) : items;
  const rest = items.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

/** A moment as UTC, to the second: `2026-11-21 10:45:00Z`. `time` is ms since 1970. */
export function atTime(time: number): string {
  return utcDigits(time).replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3 $4:$5:$6Z');
}
