// The two forms of a bench's result: a table for people, and one JSON object for programs.
import { type Bench, type BenchRow, ratioOf, type Samples, spreadOf } from './bench.ts';

export interface BenchResult {
  bench: Bench;
  rows: BenchRow[];
}

/** A table of one bench: each figure as least / median / most, its neighbour, and the ratio of the medians. */
export function tableOf({ bench, rows }: BenchResult): string {
  const lines = rows.map((row) => [
    row.what,
    figure(row.samples),
    `${row.besides.what}: ${figure(row.besides.samples)}`,
    `${number(ratioOf(row))} ×`,
    row.goal === null ? '' : `${row.goal.isMet ? 'met' : 'NOT MET'}: ${row.goal.sentence}`,
  ]);
  const table = [['what', 'least / median / most (runs)', 'beside', 'ratio', 'goal'], ...lines];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  const text = table.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`${bench.name}: ${bench.question}`, ...text].join('\n');
}

/** The results as one object for `--json`. */
export function jsonOf(results: BenchResult[]): object {
  return {
    benches: results.map(({ bench, rows }) => ({
      name: bench.name,
      question: bench.question,
      rows: rows.map((row) => ({
        what: row.what,
        unit: row.samples.unit,
        ...spreadOf(row.samples),
        besides: { what: row.besides.what, unit: row.besides.samples.unit, ...spreadOf(row.besides.samples) },
        ratio: ratioOf(row),
        goal: row.goal,
      })),
    })),
  };
}

function figure(samples: Samples): string {
  const { least, median, most, runs } = spreadOf(samples);
  return `${number(least)} / ${number(median)} / ${number(most)} ${samples.unit} (${runs})`;
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3);
}
