// A subvolume's history as it is kept in memory: single samples for the hours that are still young, and one for each hour
// before. An hour is folded when it is two hours old, so that a burst is seen in single samples.
import { usefulHistoryMs } from './forecast-full.ts';
import { hourMs, medianOf, type Sample } from './sample.ts';

/** Whole hours behind the one under way whose samples are kept one by one. */
const youngHours = 2;

export interface History {
  /** One for each hour, dated at its middle; `usedBytes` is the median of the hour. */
  readonly hours: readonly Sample[];
  readonly recent: readonly Sample[];
}

/** An hour of use: from `at` (ms since 1970) on, for an hour. */
export interface HourOfUse extends Sample {
  readonly mostUsedBytes: number;
}

export const noHistory: History = { hours: [], recent: [] };

/**
 * `history` with `sample` added; `folded` are the hours that became old by it. What
 * came later by a clock that has been set back since is left out.
 */
export function addSample(history: History, sample: Sample): { history: History; folded: HourOfUse[] } {
  const before = history.recent.filter(({ at }) => at < sample.at);
  const youngFrom = (Math.floor(sample.at / hourMs) - youngHours) * hourMs;
  const folded = foldHours(before.filter(({ at }) => at < youngFrom));
  const hours = [...history.hours, ...folded.map(middleOf)];
  return {
    history: {
      hours: hours.filter(({ at }) => at >= sample.at - usefulHistoryMs && at < sample.at),
      recent: [...before.filter(({ at }) => at >= youngFrom), sample],
    },
    folded,
  };
}

/** The history that stored hours and single samples make; samples of hours that are there too are left out. */
export function historyFrom(hours: readonly HourOfUse[], samples: readonly Sample[]): History {
  const end = (hours.at(-1)?.at ?? Number.NEGATIVE_INFINITY) + hourMs;
  return { hours: hours.map(middleOf), recent: samples.filter(({ at }) => at >= end) };
}

/** The hours of `samples` (oldest first). */
export function foldHours(samples: readonly Sample[]): HourOfUse[] {
  const groups = new Map<number, Sample[]>();
  for (const sample of samples) {
    const at = Math.floor(sample.at / hourMs) * hourMs;
    const group = groups.get(at) ?? [];
    group.push(sample);
    groups.set(at, group);
  }
  return [...groups].map(([at, group]) => {
    const used = group.map(({ usedBytes }) => usedBytes);
    return {
      at,
      usedBytes: Math.round(medianOf(used)),
      mostUsedBytes: Math.max(...used),
      sizeBytes: group.at(-1)?.sizeBytes ?? 0,
    };
  });
}

function middleOf({ at, usedBytes, sizeBytes }: HourOfUse): Sample {
  return { at: at + hourMs / 2, usedBytes, sizeBytes };
}
