// JSON that is the same bytes for the same value: keys sorted, no spaces. Plans are hashed and previews compared with it.
import { assert } from './assert.ts';

/** Deeper than any message or plan; a cycle would otherwise end in an overflow of the stack. */
const maxDepth = 64;

/**
 * `value` as JSON, its keys sorted by their UTF-16 code units (RFC 8785). Fields that are undefined are left out, as
 * JSON.stringify does. What JSON cannot say (NaN, functions, dates, cycles) is a bug of the caller.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  assert(depth < maxDepth, `a value is nested more than ${maxDepth} deep`);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    assert(Number.isFinite(value), `${value} is not in JSON`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  assert(isPlain(value), `${Object.prototype.toString.call(value)} is not in JSON`);
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(value[key], depth + 1)}`);
  return `{${fields.join(',')}}`;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
