// A backtest of when to grow: Mortar's rule beside a plain level and Prometheus' predict_linear, on generated traces of
// three months. Every growth is there a day after the rule has asked for it, as when a person approves plans in the morning.
import type { Bench, BenchRow } from './bench.ts';
import { backtest, type Result } from './forecast/backtest.ts';
import { mortarRule, type NamedRule, rivals } from './forecast/rules.ts';
import { days, type Family, families, givesWarning, makeTrace } from './forecast/traces.ts';

/** Not those on which the rule was chosen (1 to 8): on these it was first run when it was finished. */
const seeds = Array.from({ length: 12 }, (_, index) => 101 + index);
const delayMs = 24 * 3_600_000;
const months = (seeds.length * days) / 30;

type Results = ReadonlyMap<Family, readonly Result[]>;

export const forecast: Bench = {
  name: 'forecast',
  question: 'Which rule grows volumes in time, and how often for nothing?',
  async run(say) {
    const mine = resultsOf(mortarRule, say);
    return rivals.flatMap((rule) => rowsBeside(rule.name, mine, resultsOf(rule, say)));
  },
};

function resultsOf(rule: NamedRule, say: (line: string) => void): Results {
  const results = new Map(
    families.map((family) => [family, seeds.map((seed) => backtest(makeTrace(family, seed), rule, delayMs))]),
  );
  for (const [family, of] of results) {
    const sum = (count: (result: Result) => number) => of.reduce((all, result) => all + count(result), 0);
    say(
      `  ${rule.name}, ${family}: ${sum((one) => one.growths)} growths, ${sum((one) => one.needless)} needless, ${sum((one) => one.full)} full`,
    );
  }
  return results;
}

function rowsBeside(name: string, mine: Results, theirs: Results): BenchRow[] {
  const row = (what: string, unit: string, valuesOf: (results: Results) => number[]) => ({
    what,
    samples: { unit, values: valuesOf(mine) },
    besides: { what: name, samples: { unit, values: valuesOf(theirs) } },
  });
  const full = row('full disks where there was a day’s warning', 'in all', (results) => [
    fullOf(results, true),
  ]);
  const burst = row('full disks in bursts of hours', 'in all', (results) => [fullOf(results, false)]);
  const needless = row('needless growths', 'per 100 volume-months', (results) => [needlessOf(results)]);
  const lead = row('from the word to 90 %', 'h', (results) => leadsOf(results));
  return [
    { ...full, goal: { sentence: 'none', isMet: fullOf(mine, true) === 0 } },
    { ...burst, goal: null },
    { ...needless, goal: { sentence: 'fewer', isMet: needlessOf(mine) < needlessOf(theirs) } },
    { ...lead, goal: null },
  ];
}

function fullOf(results: Results, warned: boolean): number {
  const of = [...results].filter(([family]) => givesWarning(family) === warned).flatMap(([, each]) => each);
  return of.reduce((sum, { full }) => sum + full, 0);
}

function needlessOf(results: Results): number {
  const all = [...results.values()].flat().reduce((sum, { needless }) => sum + needless, 0);
  return (100 * all) / (months * families.length);
}

function leadsOf(results: Results): number[] {
  const leads = [...results.values()].flat().flatMap(({ leadHours }) => leadHours);
  return leads.length === 0 ? [Number.NaN] : leads;
}
