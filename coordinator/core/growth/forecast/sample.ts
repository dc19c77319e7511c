// One look at how much of a subvolume is used, and the hours that the forecast works on. An hour is the median of its
// samples, so that one wrong sample (zero bytes free, a size that is older than the use beside it) does not count.

export interface Sample {
  /** ms since 1970 on the coordinator's clock. */
  readonly at: number;
  readonly usedBytes: number;
  readonly sizeBytes: number;
}

export const hourMs = 3_600_000;

/** The last `count` hours of `samples` (oldest first), newest hour first: the median of what was used; null is a gap. */
export function hourlyUse(samples: readonly Sample[], count: number): (number | null)[] {
  const newest = samples.at(-1);
  if (newest === undefined) return [];
  const lastHour = Math.floor(newest.at / hourMs);
  const hours: number[][] = [];
  for (let index = samples.length - 1; index >= 0; index -= 1) {
    const sample = samples[index] as Sample;
    const age = lastHour - Math.floor(sample.at / hourMs);
    if (age >= count) break;
    if (age < 0) continue;
    hours[age] ??= [];
    hours[age].push(sample.usedBytes);
  }
  return withoutSpikes(Array.from(hours, (values) => (values === undefined ? null : medianOf(values))));
}

/** The middle of some numbers; NaN of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** Each hour as the median of itself and its neighbours: an hour that nobody confirms is none. A step stays a step. */
function withoutSpikes(hours: readonly (number | null)[]): (number | null)[] {
  return hours.map((own, index) => {
    const around = [own, hours[index - 1], hours[index + 1]].filter((value) => value != null);
    return own === null || around.length < 3 ? own : medianOf(around);
  });
}
