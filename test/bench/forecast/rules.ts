// The rules that the backtest compares. Each sees what an observer sees, step by step, and says when to grow; how much is
// added, and when it is there, is the same for all. The others look at `df` of the volume, as their authors have it.
import type { ClusterVolume, Subvolume } from '../../../coordinator/core/cluster.ts';
import { whyEnoughAsWhole } from '../../../coordinator/core/growth/enough-as-whole.ts';
import {
  addSample,
  type History,
  noHistory,
} from '../../../coordinator/core/growth/forecast/fold-history.ts';
import { forecastFull } from '../../../coordinator/core/growth/forecast/forecast-full.ts';
import { judgeForecast } from '../../../coordinator/core/growth/forecast/judge-forecast.ts';
import { defaultPolicy } from '../../../shared/model/policy.ts';

const hourMs = 3_600_000;
const leadTimeMs = (defaultPolicy.forecast?.leadTimeHours ?? 0) * hourMs;

export interface Seen {
  readonly used: number;
  readonly size: number;
}

/** Whether to grow now. `seen` are the subvolumes, oldest first; `grownAt` is when the last growth was done. */
export type Rule = (seen: readonly Seen[], at: number, grownAt: number | null) => boolean;

export interface NamedRule {
  readonly name: string;
  /** A rule without any memory yet. */
  create(): Rule;
}

/**
 * Mortar's, by its own functions and its default policy: level or forecast, held, cooled down, with an emergency; and a
 * volume of which one subvolume is full, but which has room as a whole, does not grow.
 */
export const mortarRule: NamedRule = {
  name: 'Mortar',
  create() {
    const { level, holdSeconds, cooldownSeconds, emergency } = defaultPolicy;
    const histories: History[] = [];
    let crossedSince: number | null = null;
    let emergencySince: number | null = null;
    let outlook = { at: Number.NEGATIVE_INFINITY, isDue: false, perDay: 0 };
    return (seen, at, grownAt) => {
      for (const [index, { used, size }] of seen.entries()) {
        const sample = { at, usedBytes: used, sizeBytes: size };
        histories[index] = addSample(histories[index] ?? noHistory, sample).history;
      }
      // Hours are what the forecast works on, so it is asked each hour.
      if (at - outlook.at >= hourMs) outlook = lookAhead(histories, at);
      const whole = wholeOf(seen);
      const free = Math.min(...seen.map(freeOf));
      const by = free < level.freePercent ? 'percent' : 'forecast';
      const hasRoom = seen.length > 1 && hasRoomAsWhole(whole, by, outlook.perDay);
      crossedSince = (free < level.freePercent || outlook.isDue) && !hasRoom ? (crossedSince ?? at) : null;
      emergencySince = free < emergency.freePercent && !hasRoom ? (emergencySince ?? at) : null;
      // An emergency is held for ten beats; here that is until the next sample.
      if (emergencySince !== null && at > emergencySince) return true;
      if (crossedSince === null || at - crossedSince < holdSeconds * 1000) return false;
      return grownAt === null || at - grownAt >= cooldownSeconds * 1000;
    };
  },
};

function hasRoomAsWhole({ used, size }: Seen, by: 'percent' | 'forecast', perDay: number): boolean {
  const space = { subvolumes: 2, bricks: 2, sizeBytes: size, freeBytes: size - used };
  // Of the volume and the level only what counts inodes is asked for more than this.
  const volume = {} as ClusterVolume;
  const level = { kind: 'below', by, fullest: {} as Subvolume, words: '' } as const;
  return whyEnoughAsWhole(volume, space, defaultPolicy, level, perDay === 0 ? null : perDay) !== null;
}

function lookAhead(histories: readonly History[], at: number) {
  const found = histories.map(({ hours, recent }) =>
    forecastFull([...hours, ...recent], {
      minimumHistoryMs: (defaultPolicy.forecast?.minHistoryHours ?? 0) * hourMs,
    }),
  );
  return {
    at,
    isDue: found.some((forecast) => judgeForecast(forecast, leadTimeMs, at).isDue),
    perDay: found.reduce((sum, forecast) => sum + (forecast?.bytesPerDay ?? 0), 0),
  };
}

/** A plain level: less than 20 % free, as in many a cron job. */
export const levelRule: NamedRule = {
  name: 'a level of 20 % free',
  create: () => (seen) => freeOf(wholeOf(seen)) < defaultPolicy.level.freePercent,
};

/** A plain least-squares slope over six hours, and over a day: empty within Mortar's lead time, for an hour. */
export const sixHourSlopeRule: NamedRule = {
  name: 'predict_linear[6h], 72 h ahead',
  create: () =>
    slopeRule({ windowMs: 6 * hourMs, aheadMs: 72 * hourMs, belowPercent: 100, almostPercent: 0 }),
};

export const daySlopeRule: NamedRule = {
  name: 'predict_linear[24h], 72 h ahead',
  create: () =>
    slopeRule({ windowMs: 24 * hourMs, aheadMs: 72 * hourMs, belowPercent: 100, almostPercent: 0 }),
};

/**
 * predict_linear as in Prometheus' node-mixin (NodeFilesystemSpaceFillingUp and -AlmostOutOfSpace, config.libsonnet): less than
 * 40 % free and empty within 24 h by least squares over 6 h, for an hour; or less than 5 % free for half an hour.
 */
export const mixinRule: NamedRule = {
  name: 'node-mixin’s alerts',
  create: () => slopeRule({ windowMs: 6 * hourMs, aheadMs: 24 * hourMs, belowPercent: 40, almostPercent: 5 }),
};

export const rivals = [levelRule, sixHourSlopeRule, daySlopeRule, mixinRule];

function slopeRule(options: {
  windowMs: number;
  aheadMs: number;
  belowPercent: number;
  almostPercent: number;
}): Rule {
  const window: { at: number; free: number }[] = [];
  let since: number | null = null;
  let lowSince: number | null = null;
  return (seen, at, grownAt) => {
    const whole = wholeOf(seen);
    window.push({ at, free: whole.size - whole.used });
    while ((window[0]?.at ?? at) < Math.max(at - options.windowMs, grownAt ?? 0)) window.shift();
    const isFilling = freeOf(whole) < options.belowPercent && predict(window, at + options.aheadMs) < 0;
    since = isFilling ? (since ?? at) : null;
    lowSince = freeOf(whole) < options.almostPercent ? (lowSince ?? at) : null;
    return (since !== null && at - since >= hourMs) || (lowSince !== null && at - lowSince >= hourMs / 2);
  };
}

/** Prometheus' predict_linear: the least-squares line at `time`; what is there now when there are fewer than two points. */
function predict(window: readonly { at: number; free: number }[], time: number): number {
  const newest = window.at(-1);
  if (newest === undefined || window.length < 2) return newest?.free ?? 0;
  const meanAt = window.reduce((sum, { at }) => sum + at, 0) / window.length;
  const meanFree = window.reduce((sum, { free }) => sum + free, 0) / window.length;
  let above = 0;
  let below = 0;
  for (const { at, free } of window) {
    above += (at - meanAt) * (free - meanFree);
    below += (at - meanAt) ** 2;
  }
  return meanFree + (above / below) * (time - meanAt);
}

function wholeOf(seen: readonly Seen[]): Seen {
  return {
    used: seen.reduce((sum, { used }) => sum + used, 0),
    size: seen.reduce((sum, { size }) => sum + size, 0),
  };
}

function freeOf({ used, size }: Seen): number {
  return (100 * (size - used)) / size;
}
