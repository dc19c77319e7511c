// Every key that the parser finds has a line, in any TOML.
import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { pointerOf, tomlLines } from '../../../shared/runtime/toml-lines.ts';

const cases = [
  ['keys, with comments and blank lines between', '# c\na = 1\n\nb = "x" # d\n', { '/a': 2, '/b': 4 }],
  ['tables', 'a = 1\n[t]\nb = 2\n[t.u]\nc = 3', { '/a': 1, '/t': 2, '/t/b': 3, '/t/u': 4, '/t/u/c': 5 }],
  ['a table whose parent was never named', '[a.b]\nc = 1', { '/a': 1, '/a/b': 1, '/a/b/c': 2 }],
  ['dotted keys', 'a.b = 1\na . c = 2', { '/a': 1, '/a/b': 1, '/a/c': 2 }],
  ['quoted keys', '"a b"=1\n\'c.d\' = 2\n"e\\"f".g = 3', { '/a b': 1, '/c.d': 2, '/e"f': 3, '/e"f/g': 3 }],
  ['a key with a slash and a tilde', '"a/b~" = 1', { '/a~1b~0': 1 }],
  [
    'arrays of tables, with tables below their elements',
    '[[s]]\np = 1\n[s.t]\nq = 2\n[[s]]\np = 3\n[s.t]\nq = 4',
    {
      '/s': 1,
      '/s/0': 1,
      '/s/0/p': 2,
      '/s/0/t': 3,
      '/s/0/t/q': 4,
      '/s/1': 5,
      '/s/1/p': 6,
      '/s/1/t': 7,
      '/s/1/t/q': 8,
    },
  ],
  [
    'arrays over several lines',
    'a = [\n  1, # one\n  2,\n]\nb = 1',
    { '/a': 1, '/a/0': 2, '/a/1': 3, '/b': 5 },
  ],
  [
    'inline tables in an array',
    'a = [\n { b = 1, c = [2] },\n { b = { d = 3 } } ]',
    { '/a': 1, '/a/0': 2, '/a/0/b': 2, '/a/0/c': 2, '/a/0/c/0': 2, '/a/1': 3, '/a/1/b': 3, '/a/1/b/d': 3 },
  ],
  ['strings that look like TOML', 'a = "b = 1 # [x]"\nc = \'[y]\'\nd = 1', { '/a': 1, '/c': 2, '/d': 3 }],
  [
    'strings of several lines',
    'a = """\nb = 1\n"quoted" \\""""\nc = \'\'\'\n[d]\n\'\'\'\ne = 1',
    { '/a': 1, '/c': 4, '/e': 7 },
  ],
  [
    'dates, floats and booleans',
    'a = 1979-05-27T07:32:00Z\nb = 1e3\nc = true\nd = 1979-05-27 07:32:00',
    { '/a': 1, '/b': 2, '/c': 3, '/d': 4 },
  ],
  ['Windows line ends', 'a = 1\r\nb = 2\r\n[c]\r\n', { '/a': 1, '/b': 2, '/c': 3 }],
  ['nothing', '', {}],
] as const;

describe('tomlLines', () => {
  test.each(cases)('finds %s', (_, text, lines) => {
    expect(Object.fromEntries(tomlLines(text))).toEqual(lines);
  });

  test('knows every key of any value that TOML can say', () => {
    const key = fc.stringMatching(/^[a-z0-9_ "'.=#[\]{}/~-]{1,6}$/);
    const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.constant('"""\n[x]\ny = 1'));
    const { value } = fc.letrec((tie) => ({
      value: fc.dictionary(
        key,
        fc.oneof(
          { maxDepth: 3 },
          leaf,
          tie('value'),
          fc.array(leaf, { maxLength: 3 }),
          fc.array(tie('value'), { maxLength: 3 }),
        ),
        { maxKeys: 4 },
      ),
    }));
    fc.assert(
      fc.property(value, (table) => {
        const text = stringify(table);
        const lines = tomlLines(text);
        const count = text.split('\n').length;
        for (const pointer of pointersOf(table)) {
          expect(lines.get(pointer), `${pointer} in\n${text}`).toBeGreaterThan(0);
          expect(lines.get(pointer)).toBeLessThanOrEqual(count);
        }
      }),
    );
  });
});

function pointersOf(value: unknown, path: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    pointerOf([...path, key]),
    ...pointersOf(child, [...path, key]),
  ]);
}
