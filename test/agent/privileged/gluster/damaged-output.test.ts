// Every captured file, cut short and with bytes replaced: each parser must fail with an operating error, or give what
// has the same shape as the truth. A number that was there never becomes 0, null or missing, and a no never a yes.
// New bytes are never digits, decimal or of a UUID: 3 for 8 makes a true-looking number that no parser can tell.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCksum, parseVolumeStore } from '../../../../agent/privileged/gluster/parse-cksum.ts';
import { parseGetState } from '../../../../agent/privileged/gluster/parse-get-state.ts';
import { parseOutcome } from '../../../../agent/privileged/gluster/parse-outcome.ts';
import { parseVersion } from '../../../../agent/privileged/gluster/parse-version.ts';
import { parseVolumeInfo } from '../../../../agent/privileged/gluster/parse-volume-info.ts';
import { MortarError } from '../../../../shared/lib/errors.ts';
import { fixtureNames, readFixture, versions } from './fixtures.ts';

type Parse = (text: string) => unknown;
type Result = { kind: 'value'; value: unknown } | { kind: 'error'; code: string };

const parsers: readonly (readonly [RegExp, Parse])[] = [
  [/^get-state-.*\.txt$/, parseGetState],
  [/^volume-info.*\.xml$/, parseVolumeInfo],
  [/^(add-brick|create|start|set|rebalance-(full-)?start|peer-probe).*\.xml$/, (text) => parseOutcome(text)],
  [/^store-.*\.cksum$/, parseCksum],
  [/^store-.*\.info$/, parseVolumeStore],
  [/^version\.txt$/, parseVersion],
];

const cases = parsers.flatMap(([pattern, parse]) =>
  versions.flatMap((version) =>
    fixtureNames(version, pattern).map((name) => {
      const text = readFixture(version, name);
      return { name: `${version}/${name}`, text, parse, truth: run(parse, text) };
    }),
  ),
);

function run(parse: Parse, text: string): Result {
  try {
    return { kind: 'value', value: parse(text) };
  } catch (error) {
    if (error instanceof MortarError) return { kind: 'error', code: error.code };
    throw error;
  }
}

/** What is wrong with `found` beside `truth`, or null: same keys, same lengths, same types, no new zero. */
function lie(truth: unknown, found: unknown, path = ''): string | null {
  // Free text of people, whose damage shows as other text: an option or another name may even be missing.
  if (/\.(options|otherNames)$/.test(path)) return null;
  if (typeof truth !== typeof found || (truth === null) !== (found === null))
    return `${path}: ${truth} → ${found}`;
  if (typeof truth === 'number') return truth !== 0 && found === 0 ? `${path}: ${truth} → 0` : null;
  if (typeof truth !== 'object' || truth === null) return null;
  const [was, is] = [truth as Record<string, unknown>, found as Record<string, unknown>];
  if (Object.keys(was).join() !== Object.keys(is).join())
    return `${path}: ${Object.keys(was)} → ${Object.keys(is)}`;
  for (const key of Object.keys(was)) {
    const wrong = lie(was[key], is[key], `${path}.${key}`);
    if (wrong) return wrong;
  }
  return null;
}

/** What is wrong with `found` beside `truth`, or null. An error is never wrong; a value where an error was always is. */
function dishonesty(truth: Result, found: Result): string | null {
  if (found.kind === 'error') return null;
  if (truth.kind === 'error') return `a value after ${truth.code}`;
  const was = truth.value as { ok?: boolean };
  const is = found.value as { ok?: boolean };
  if (was.ok !== is.ok) return `ok ${was.ok} → ${is.ok}`;
  return lie(truth.value, found.value);
}

describe('captured output', () => {
  it('is there for every parser and both versions', () => {
    expect(cases.length).toBeGreaterThan(150);
    for (const [pattern] of parsers) {
      for (const version of versions) expect(fixtureNames(version, pattern), `${pattern}`).not.toEqual([]);
    }
  });

  it.each(cases)('$name cut at 20 points is an error or the whole truth', ({ text, parse, truth }) => {
    for (let point = 0; point < 20; point += 1) {
      const cut = text.slice(0, Math.floor((text.length * point) / 20));
      const found = run(parse, cut);
      if (found.kind === 'value') expect(found, `cut at ${cut.length}`).toEqual(truth);
    }
  });

  it('cut anywhere near its end is an error or the whole truth', () => {
    for (const { name, text, parse, truth } of cases) {
      for (let missing = 1; missing <= 40; missing += 1) {
        const found = run(parse, text.slice(0, -missing));
        if (found.kind === 'value') expect(found, `${name} without its last ${missing}`).toEqual(truth);
      }
    }
  });

  const byte = fc
    .integer({ min: 0, max: 255 })
    .filter((value) => !/[0-9a-f]/.test(String.fromCharCode(value)));
  const place = fc.double({ min: 0, max: 0.999_999, noNaN: true });

  it('with bytes replaced is an error, or has the shape of the truth', () => {
    const damage = fc.array(fc.tuple(place, byte), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...cases), damage, ({ text, parse, truth }, replacements) => {
        const bytes = Buffer.from(text);
        for (const [at, value] of replacements) bytes[Math.floor(at * bytes.length)] = value;
        expect(dishonesty(truth, run(parse, bytes.toString('utf8')))).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it('with a digit replaced is an error, or has the shape of the truth', () => {
    const withNumbers = cases.filter(({ truth }) => truth.kind === 'value');
    fc.assert(
      fc.property(fc.constantFrom(...withNumbers), place, byte, ({ text, parse, truth }, at, value) => {
        const bytes = Buffer.from(text);
        // The first digit of a number alone in its place: only there would a loose parser find nothing, and say 0.
        const digits = [...text.matchAll(/(?<=[:=] |[>=])[0-9]/g)];
        bytes[digits[Math.floor(at * digits.length)]?.index ?? 0] = value;
        expect(dishonesty(truth, run(parse, bytes.toString('utf8')))).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });

  it('of any text whatever is an error or a value, never another crash', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.constantFrom('', '<', '<cliOutput>'),
        (text, head) => {
          for (const [, parse] of parsers) run(parse, head + text);
        },
      ),
      { numRuns: 300 },
    );
  });
});
