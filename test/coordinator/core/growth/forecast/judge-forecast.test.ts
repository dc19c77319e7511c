// Whether a forecast calls for a growth now, and in which words.
import { expect, test } from 'vitest';
import type { Forecast } from '../../../../../coordinator/core/growth/forecast/forecast-full.ts';
import { judgeForecast } from '../../../../../coordinator/core/growth/forecast/judge-forecast.ts';

const hourMs = 3_600_000;
const now = 1_000 * hourMs;
const leadTimeMs = 72 * hourMs;

function forecast(early: number, likely: number, late: number | null, asOf = now): Forecast {
  const at = (hours: number) => now + hours * hourMs;
  return {
    fullAt: { early: at(early), likely: at(likely), late: late === null ? null : at(late) },
    bytesPerDay: 1024 ** 3,
    asOf,
    historyMs: 30 * 24 * hourMs,
    fastBytesPerDay: 2 * 1024 ** 3,
    slowBytesPerDay: null,
  };
}

test.each<[name: string, isDue: boolean, found: Forecast | null, sentence: RegExp]>([
  [
    'likely within the lead time',
    true,
    forecast(48, 71, 90),
    /^full in 2 d 23 h \(2 d to 3 d 18 h\) at 1 GiB a day, within the lead time of 3 d$/,
  ],
  ['likely later', false, forecast(48, 73, 90), /beyond the lead time of 3 d$/],
  ['perhaps within half of it', true, forecast(35, 200, null), /\(1 d 11 h to more than 2 years\).*within/],
  ['full already', true, forecast(0, 0, 0), /^full in 0 ms/],
  [
    'of a history that ended three hours ago',
    false,
    forecast(1, 1, 1, now - 3 * hourMs),
    /^its history ends 3 h ago$/,
  ],
  ['none', false, null, /^nothing shows that it will be full/],
])('a forecast %s', (_, isDue, found, sentence) => {
  const judgement = judgeForecast(found, leadTimeMs, now);
  expect(judgement.isDue).toBe(isDue);
  expect(judgement.sentence).toMatch(sentence);
});
