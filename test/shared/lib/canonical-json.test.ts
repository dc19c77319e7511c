// One value, one text: the hash of a plan hangs on it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';

const cases = [
  [
    'sorted keys at every depth',
    { b: 1, a: { d: [{ z: 1, y: 2 }], c: null } },
    '{"a":{"c":null,"d":[{"y":2,"z":1}]},"b":1}',
  ],
  [
    'keys in the order of their code units',
    { b: 1, B: 2, é: 3, '10': 4, '9': 5 },
    '{"10":4,"9":5,"B":2,"b":1,"é":3}',
  ],
  ['no undefined fields', { a: undefined, b: 1 }, '{"b":1}'],
  ['strings with what JSON escapes', ['"\\\n\u0000 '], '["\\"\\\\\\n\\u0000 "]'],
  ['numbers as JavaScript does', [1, -0, 1.5, 1e21], '[1,0,1.5,1e+21]'],
  ['words', [true, false, null], '[true,false,null]'],
  ['nothing', {}, '{}'],
] as const;
test.each(cases)('writes %s', (_, value, json) => {
  expect(canonicalJson(value)).toBe(json);
});

const cycle: Record<string, unknown> = {};
cycle.self = cycle;
const impossible = [
  ['NaN', { a: Number.NaN }],
  ['infinity', [Number.POSITIVE_INFINITY]],
  ['undefined in a list', [undefined]],
  ['a function', { a: () => 1 }],
  ['a date', new Date(0)],
  ['a map', new Map()],
  ['a bigint', 1n],
  ['a cycle', cycle],
] as const;
test.each(impossible)('%s is a bug of the caller', (_, value) => {
  expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ name: 'AssertionError' }));
});

test('any JSON is written so that it reads back the same, and the order of its keys makes no difference', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const json = canonicalJson(value);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(withKeysReversed(value))).toBe(json);
    }),
  );
});

function withKeysReversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKeysReversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, withKeysReversed(child)]);
  return Object.fromEntries(entries.reverse());
}
