// A policy as `key=value` lines and back, PURE: keys are paths with dots, and sizes and durations may be written as people do.
import { parseBytes } from '../../shared/lib/bytes.ts';
import { parseDuration } from '../../shared/lib/duration.ts';
import { MortarError } from '../../shared/lib/errors.ts';

/** `value` as rows of key and value, nested keys joined by dots; null is written "none". */
export function settingsOf(value: object, prefix = ''): string[][] {
  return Object.entries(value).flatMap(([name, one]) =>
    isRecord(one)
      ? settingsOf(one, `${prefix}${name}.`)
      : [[`${prefix}${name}`, one === null ? 'none' : String(one)]],
  );
}

/**
 * A copy of `base` with `settings` (`a.b=1`) made. `parts` are what a part that is null begins with when a value in it is
 * set. Throws MortarError('bad-input') for what cannot be understood.
 */
export function applySettings(
  base: unknown,
  settings: readonly string[],
  parts: Readonly<Record<string, unknown>> = {},
): unknown {
  const changed: unknown = structuredClone(base);
  for (const setting of settings) {
    const [, key, text] = /^([A-Za-z]+(?:\.[A-Za-z]+)*)=(.*)$/.exec(setting) ?? [];
    if (key === undefined || text === undefined) {
      throw new MortarError(
        'bad-input',
        `"${setting}" is no setting; write for example level.freePercent=15`,
      );
    }
    begin(changed, key, parts);
    put(changed, key, readValue(key, text));
  }
  return changed;
}

/** Gives a part that is null something for the value of `key` to be put into. */
function begin(target: unknown, key: string, parts: Readonly<Record<string, unknown>>): void {
  const [name = '', ...rest] = key.split('.');
  if (rest.length === 0 || !isRecord(target) || target[name] !== null || !Object.hasOwn(parts, name)) return;
  target[name] = structuredClone(parts[name]);
}

function put(target: unknown, key: string, value: unknown): void {
  const names = key.split('.');
  const last = names.pop() ?? '';
  let place: unknown = target;
  for (const name of names) place = isRecord(place) && Object.hasOwn(place, name) ? place[name] : undefined;
  if (!isRecord(place) || !Object.hasOwn(place, last) || (isRecord(place[last]) && value !== null)) {
    const known = isRecord(target) ? settingsOf(target).map(([name]) => name) : [];
    throw new MortarError('bad-input', `there is no setting "${key}"; there are: ${known.join(', ')}`);
  }
  place[last] = value;
}

function readValue(key: string, text: string): unknown {
  if (text === 'none' || text === 'null') return null;
  if (key.endsWith('days')) return text.split(',').map((day) => day.trim());
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (key.endsWith('Bytes')) return parseBytes(text);
  if (key.endsWith('Seconds')) return parseDuration(text) / 1000;
  return text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
