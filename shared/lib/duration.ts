// Durations for people: the two greatest units, because nobody reads the seconds of three days.
import { MortarError } from './errors.ts';

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const;

/** `durationMs` as "450 ms", "4.2 s", "3 m 20 s", "2 h 5 m" or "3 d 4 h". Negative durations keep their sign. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 0) return `-${formatDuration(-durationMs)}`;
  const ms = Math.round(durationMs);
  if (ms < 1000) return `${ms} ms`;
  if (ms < 9_950) return `${Math.round(ms / 100) / 10} s`;
  // Rounded to the smaller of the two units first, so that 59.7 s is "1 m" and never "60 s".
  for (const [position, unit] of units.entries()) {
    const smaller = units[position + 1];
    const stepMs = smaller?.ms ?? unit.ms;
    const rounded = Math.round(ms / stepMs) * stepMs;
    if (rounded < unit.ms) continue;
    const rest = smaller ? (rounded % unit.ms) / smaller.ms : 0;
    const whole = `${Math.floor(rounded / unit.ms)} ${unit.name}`;
    return smaller && rest > 0 ? `${whole} ${rest} ${smaller.name}` : whole;
  }
  return `${ms} ms`;
}

/**
 * The ms in `text`: numbers with units, as `90s`, `1h 30m`, `2 d` or `500ms`. Throws MortarError('bad-input') for
 * anything else, and for a number without a unit, which one person reads as seconds and another as minutes.
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/\s*(\d+(?:\.\d+)?)\s*(ms|[dhms])\s*/gy)];
  const length = parts.reduce((sum, part) => sum + part[0].length, 0);
  const totalMs = parts.reduce((sum, part) => sum + Number(part[1]) * msOf(part[2]), 0);
  if (parts.length === 0 || length !== text.length || !Number.isSafeInteger(Math.round(totalMs))) {
    throw new MortarError('bad-input', `"${text}" is no duration; write for example 90s, 10m or 1h 30m`);
  }
  return Math.round(totalMs);
}

function msOf(name: string | undefined): number {
  return units.find((unit) => unit.name === name)?.ms ?? 1;
}
