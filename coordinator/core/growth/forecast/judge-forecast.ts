// The trigger by forecast: whether a subvolume will be full so soon that the growth must begin now.
import { formatBytes } from '../../../../shared/lib/bytes.ts';
import { formatDuration } from '../../../../shared/lib/duration.ts';
import type { Forecast } from './forecast-full.ts';

/** A forecast that rests on older samples than this says nothing of now. */
const staleMs = 2 * 3_600_000;

/**
 * Whether `forecast` calls for a growth at `now` (ms since 1970) that takes up to `leadTimeMs`, and why. It is due when the
 * likely time lies within the lead time, or the early one within half of it: a fast trend that is three days old must
 * not wait until the slow one has learned of it.
 */
export function judgeForecast(
  forecast: Forecast | null,
  leadTimeMs: number,
  now: number,
): { readonly isDue: boolean; readonly sentence: string } {
  if (forecast === null) {
    return {
      isDue: false,
      sentence:
        'nothing shows that it will be full: its use is flat, shrinks, or is not known for long enough',
    };
  }
  if (now - forecast.asOf > staleMs) {
    return { isDue: false, sentence: `its history ends ${formatDuration(now - forecast.asOf)} ago` };
  }
  const { early, likely, late } = forecast.fullAt;
  const isDue = likely - now <= leadTimeMs || early - now <= leadTimeMs / 2;
  const range = `${untilFull(early, now)} to ${late === null ? 'more than 2 years' : untilFull(late, now)}`;
  const when = `full in ${untilFull(likely, now)} (${range}) at ${formatBytes(Math.round(forecast.bytesPerDay))} a day`;
  const lead = formatDuration(leadTimeMs);
  return { isDue, sentence: `${when}, ${isDue ? 'within' : 'beyond'} the lead time of ${lead}` };
}

function untilFull(at: number, now: number): string {
  return formatDuration(Math.max(0, at - now));
}
