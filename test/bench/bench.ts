// What a bench is: a name, a question, and rows that answer it. Machines are noisy, so each row sets a figure beside
// another one that was measured in the same run, and says how many runs and how far they spread.

export interface Samples {
  readonly unit: string;
  readonly values: readonly number[];
}

export interface BenchRow {
  /** What was measured, in a few words. */
  readonly what: string;
  readonly samples: Samples;
  /** What it is compared with, measured in the same run. */
  readonly besides: { readonly what: string; readonly samples: Samples };
  /** The goal in words and whether the medians meet it; null where there is none. */
  readonly goal: { readonly sentence: string; readonly isMet: boolean } | null;
}

export interface Bench {
  readonly name: string;
  readonly question: string;
  /** Measures; `say` tells people what is going on meanwhile. */
  run(say: (line: string) => void): Promise<BenchRow[]>;
}

export interface Spread {
  readonly runs: number;
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

/** Number of runs, least, median and most of some samples; there must be at least one. */
export function spreadOf(samples: Samples): Spread {
  const sorted = [...samples.values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    runs: sorted.length,
    least: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    most: at(sorted.length - 1),
  };
}

/** The ratio of the two medians of a row. */
export function ratioOf(row: BenchRow): number {
  return spreadOf(row.samples).median / spreadOf(row.besides.samples).median;
}
