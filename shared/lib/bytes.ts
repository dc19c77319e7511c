// Sizes for people, in powers of 1024, as df -h and Gluster show them.
import { MortarError } from './errors.ts';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** `bytes` with three digits at most: "0 B", "1023 B", "1.5 GiB", "12 TiB", "512 MiB". Negative sizes keep their sign. */
export function formatBytes(bytes: number): string {
  const sign = bytes < 0 ? '-' : '';
  let value = Math.abs(bytes);
  let unit = 0;
  // 1023.95 would be written 1024: it is 1.0 of the next unit.
  while (roundFor(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${sign}${String(roundFor(value))} ${units[unit]}`;
}

/**
 * The number of bytes in `text`: a number and a unit, as `10GiB`, `1.5 T`, `512M` or `4096`. A unit without the `i` is
 * a power of 1024 too, as everywhere in Gluster. Throws MortarError('bad-input') for anything else.
 */
export function parseBytes(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(?:([KMGTPE])(?:i?B)?|B)?\s*$/i.exec(text);
  const unit = match?.[2] ? units.findIndex((name) => name[0] === match[2]?.toUpperCase()) : 0;
  const bytes = Math.round(Number(match?.[1]) * 1024 ** unit);
  if (!match || !Number.isSafeInteger(bytes)) {
    throw new MortarError('bad-input', `"${text}" is no size; write for example 10GiB or 512M`);
  }
  return bytes;
}

/** One digit after the point below 10, none above: what a person can compare at a glance. */
function roundFor(value: number): number {
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
}
