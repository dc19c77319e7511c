// When a subvolume will be full, from the history of its use.
//
// Method: seasonal differences and their medians. Use is taken as the median of each hour. The growth of a day is
// use(t) − use(t − 24 h), of a week use(t) − use(t − 7 d): the same hour is compared, so that a nightly clean-up and the
// quiet of a weekend cancel out, which a slope fitted through hours or through a few days takes for a trend. The fast rate is the median
// over the last three days of the day's growth, the slow one the median over three weeks of the week's. A step or a
// deletion touches a third of either window and so moves no median; nor does a bad sample, or a gap, whose pairs are missing.
// The faster rate gives the early bound, the slower the late one, their mean the likely time (the slow one alone between two weekly jobs). The room is counted from
// the highest hour of the last day: a disk is full at the top of its saw's teeth. (Prophet, Holt-Winters and
// least squares need either a model that is fitted or data without outliers; this needs neither and can be explained.)
import { hourlyUse, hourMs, medianOf, type Sample } from './sample.ts';

const dayHours = 24;
const weekHours = 7 * dayHours;
/** Over which the day's growths are looked at: a step touches 24 h of them, which must be less than half. */
const fastHours = 3 * dayHours;
/** The same for the week's: three weeks. */
const slowHours = 3 * weekHours;
/** How much history is of use. */
export const usefulHistoryMs = (slowHours + weekHours) * hourMs;
/** Hours that must have a partner a day (or seven) before; fewer are chance. */
const leastPairs = 12;
/** Of growths this share must be upwards, or it is a flat line with noise: a coin shows 60 % of 72 in one case of 20. */
const leastShareUp = 0.6;
/** What is further away is no forecast: in two years the use will be another one. */
export const horizonMs = 730 * dayHours * hourMs;

export interface Forecast {
  /** ms since 1970. `early` by the faster of the two rates, `late` by the slower; null is beyond two years. */
  readonly fullAt: { readonly early: number; readonly likely: number; readonly late: number | null };
  readonly bytesPerDay: number;
  /** The newest sample that it rests on, ms since 1970. */
  readonly asOf: number;
  readonly historyMs: number;
  /** Growth in bytes a day as the last three days show it, and as the last weeks do; null with too little history. */
  readonly fastBytesPerDay: number;
  readonly slowBytesPerDay: number | null;
}

export interface ForecastOptions {
  /** The subvolume's size now; the newest sample's if not given. */
  readonly sizeBytes?: number;
  /** With less history there is no forecast; a day and a half is needed in any case. */
  readonly minimumHistoryMs?: number;
}

/**
 * When the subvolume with these samples (oldest first) will be full; null when its use is flat or shrinks, would not fill
 * it within two years, or is not known for long enough.
 */
export function forecastFull(samples: readonly Sample[], options: ForecastOptions = {}): Forecast | null {
  const first = samples[0];
  const newest = samples.at(-1);
  if (first === undefined || newest === undefined) return null;
  const historyMs = newest.at - first.at;
  if (historyMs < (options.minimumHistoryMs ?? 0)) return null;
  const hours = hourlyUse(samples, slowHours + weekHours);
  const fast = rateOf(growths(hours, dayHours, fastHours), hours);
  if (fast === null) return null;
  const slow = slowRate(hours);
  const rates = slow === null ? [fast.perDay] : [fast.perDay, slow.perDay];
  const bytesPerDay = likelyRate(fast, slow);
  if (bytesPerDay <= 0 || !(fast.isRising || slow?.isRising)) return null;

  const room = Math.max(0, (options.sizeBytes ?? newest.sizeBytes) - highestOfLastDay(hours));
  const fullAt = (rate: number): number | null => {
    const inMs = rate <= 0 ? Number.POSITIVE_INFINITY : (room / rate) * dayHours * hourMs;
    return inMs > horizonMs ? null : Math.round(newest.at + inMs);
  };
  const likely = fullAt(bytesPerDay);
  if (likely === null) return null;
  return {
    fullAt: {
      early: fullAt(Math.max(...rates)) ?? likely,
      likely,
      late: fullAt(Math.min(...rates)),
    },
    bytesPerDay,
    asOf: newest.at,
    historyMs,
    fastBytesPerDay: fast.perDay,
    slowBytesPerDay: slow?.perDay ?? null,
  };
}

/** The mean of the two; but three still days between two weekly jobs are not half of the growth. */
function likelyRate(fast: Rate, slow: Rate | null): number {
  if (slow === null) return fast.perDay;
  if (slow.isRising && !fast.isRising && fast.perDay >= 0) return slow.perDay;
  return (fast.perDay + slow.perDay) / 2;
}

interface Rate {
  readonly perDay: number;
  readonly isRising: boolean;
}

/** Growths over `lag` hours that ended in the last `window` hours, each hour with its partner. */
function growths(hours: readonly (number | null)[], lag: number, window: number): number[] {
  const found: number[] = [];
  for (let age = 0; age < window && age + lag < hours.length; age += 1) {
    const now = hours[age];
    const then = hours[age + lag];
    if (now != null && then != null) found.push(now - then);
  }
  return found;
}

function rateOf(daily: readonly number[], hours: readonly (number | null)[]): Rate | null {
  if (daily.length < leastPairs) return null;
  // With less than two days of growths one step would be most of them: what came in a single hour is left out.
  const step = daily.length < 2 * dayHours ? greatestJump(hours) : 0;
  const perDay = medianOf(daily) - step;
  return { perDay, isRising: perDay > 0 && isMostlyUp(daily) };
}

function slowRate(hours: readonly (number | null)[]): Rate | null {
  const weekly = growths(hours, weekHours, slowHours);
  // Less than a week of them would be a part of the week's rhythm, and half of that is gaps at worst.
  if (weekly.length < weekHours / 2) return null;
  return { perDay: medianOf(weekly) / 7, isRising: isMostlyUp(weekly) };
}

function greatestJump(hours: readonly (number | null)[]): number {
  let greatest = 0;
  for (let age = 0; age + 1 < hours.length; age += 1) {
    const now = hours[age];
    const before = hours[age + 1];
    if (now != null && before != null) greatest = Math.max(greatest, now - before);
  }
  return greatest;
}

function isMostlyUp(values: readonly number[]): boolean {
  return values.filter((value) => value > 0).length >= leastShareUp * values.length;
}

function highestOfLastDay(hours: readonly (number | null)[]): number {
  return Math.max(...hours.slice(0, dayHours).filter((use) => use !== null));
}
