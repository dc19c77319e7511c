// How long until a subvolume is full if it goes on as in the last half hour: for the emergency rule, which must see a
// burst that a forecast of days cannot. The median of the slopes between all pairs of samples (Theil–Sen): up to 29 % of
// the samples may be wrong before it moves (Theil 1950, Sen 1968).
import { medianOf, type Sample } from './sample.ts';

const windowMs = 30 * 60_000;
/** Four samples bear one bad one; more would make sparse samples useless. */
const leastSamples = 4;
/** Less time than this shows a single file that is being written. */
const leastSpanMs = 10 * 60_000;

/** Time to full in ms at `now`, from samples (oldest first); null when use does not rise, or when too little is known. */
export function timeToFullMs(samples: readonly Sample[], now: number): number | null {
  const recent = samples.slice(firstAfter(samples, now - windowMs)).filter(({ at }) => at <= now);
  const [first] = recent;
  const newest = recent.at(-1);
  if (first === undefined || newest === undefined || recent.length < leastSamples) return null;
  if (newest.at - first.at < leastSpanMs) return null;
  const bytesPerMs = medianSlope(recent);
  if (bytesPerMs <= 0) return null;
  // The level now, by the median of what each sample says of it: a last sample that is wrong is outvoted.
  const used = medianOf(recent.map(({ at, usedBytes }) => usedBytes + (now - at) * bytesPerMs));
  return Math.max(0, (newest.sizeBytes - used) / bytesPerMs);
}

function firstAfter(samples: readonly Sample[], time: number): number {
  let index = samples.length;
  while (index > 0 && (samples[index - 1]?.at ?? 0) >= time) index -= 1;
  return index;
}

function medianSlope(samples: readonly Sample[]): number {
  const slopes: number[] = [];
  for (const [index, later] of samples.entries()) {
    for (const earlier of samples.slice(0, index)) {
      if (later.at > earlier.at) slopes.push((later.usedBytes - earlier.usedBytes) / (later.at - earlier.at));
    }
  }
  return slopes.length === 0 ? 0 : medianOf(slopes);
}
