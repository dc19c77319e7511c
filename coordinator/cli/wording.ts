// How values read at the terminal, PURE. What is not known is a "?", never a 0.
import { formatBytes } from '../../shared/lib/bytes.ts';
import { formatDuration } from '../../shared/lib/duration.ts';

/** `bytes` for people, or "?". */
export function size(bytes: number | null): string {
  return bytes === null ? '?' : formatBytes(bytes);
}

/** "4.2 s ago". */
export function ago(ageMs: number): string {
  return `${formatDuration(ageMs)} ago`;
}

/** A moment in UTC, to the ms: `2026-11-21 10:45:00.123Z`. */
export function moment(time: number): string {
  return new Date(time).toISOString().replace('T', ' ');
}

/** "2/3", or "?" where it is not known. */
export function outOf(part: number | undefined, whole: number | undefined): string {
  return part === undefined || whole === undefined ? '?' : `${part}/${whole}`;
}

const barLength = 10;

/** How full something is, as `[#####-----]  50 %`; rounded up, so that "100 %" is the only full bar that can be believed. */
export function bar(freePercent: number | null): string {
  if (freePercent === null) return `[${'?'.repeat(barLength)}]   ? %`;
  const used = 100 - freePercent;
  const filled = Math.min(barLength, Math.ceil((used * barLength) / 100));
  return `[${'#'.repeat(filled)}${'-'.repeat(barLength - filled)}] ${String(Math.ceil(used)).padStart(3)} %`;
}

/** Gluster and the API count from 0, people and Mortar's sentences from 1. */
export function ordinal(index: number): string {
  return String(index + 1);
}

/** "1 brick", "3 bricks". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
