// How fast a volume fills, and how long its space lasts, from the forecasts of its subvolumes. A growth is judged by the
// volume as a whole, because new files go to the new bricks as well; what calls for one is the subvolume that is full first.
import type { Space } from '../../../shared/model/plan.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { ClusterVolume, Subvolume } from '../cluster.ts';
import type { State } from '../state.ts';
import type { Forecast } from './forecast/forecast-full.ts';
import { forecastSubvolume } from './forecast/forecast-subvolume.ts';
import { judgeForecast } from './forecast/judge-forecast.ts';
import { describeFullest, judgeLevel, type Level } from './level.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The policy's level, and where that is not crossed, its forecast, for `volume` at `now` (ms since 1970). */
export function judgeTrigger(state: State, volume: ClusterVolume, policy: Policy, now: number): Level {
  const level = judgeLevel(volume, policy);
  if (level.kind !== 'above' || policy.forecast === null) return level;
  const leadTimeMs = policy.forecast.leadTimeHours * hourMs;
  const due = forecastsOf(state, volume, policy, now)
    .map(({ subvolume, forecast }) => ({
      subvolume,
      fullAt: forecast.fullAt.likely,
      ...judgeForecast(forecast, leadTimeMs, now),
    }))
    .filter(({ isDue }) => isDue)
    .sort((a, b) => a.fullAt - b.fullAt || a.subvolume.index - b.subvolume.index)[0];
  if (due === undefined) return level;
  const words = `${describeFullest(due.subvolume)}, and will be ${due.sentence}`;
  return { kind: 'below', fullest: due.subvolume, by: 'forecast', words };
}

/** What the volume grows by in bytes a day, all subvolumes together; null when no forecast says that it does. */
export function fillRateOf(state: State, volume: ClusterVolume, policy: Policy, now: number): number | null {
  const forecasts = forecastsOf(state, volume, policy, now);
  if (forecasts.length === 0) return null;
  return forecasts.reduce((sum, { forecast }) => sum + forecast.bytesPerDay, 0);
}

/** How long the first of the subvolumes lasts, ms; null when no forecast says that one will be full. */
export function lastsUntilFirstFull(
  state: State,
  volume: ClusterVolume,
  policy: Policy,
  now: number,
): number | null {
  const times = forecastsOf(state, volume, policy, now).map(({ forecast }) => forecast.fullAt.likely - now);
  return times.length === 0 ? null : Math.max(0, Math.min(...times));
}

/** How long `space` lasts at `bytesPerDay`, ms; null when it does not fill. */
export function lasts(space: Space, bytesPerDay: number | null): number | null {
  if (bytesPerDay === null || bytesPerDay <= 0) return null;
  return Math.round((space.freeBytes / bytesPerDay) * dayMs);
}

/** Whether `space` lasts for the lead time of the policy; it does where none is set, or nothing fills. */
export function lastsForLeadTime(space: Space, policy: Policy, bytesPerDay: number | null): boolean {
  const time = lasts(space, bytesPerDay);
  return time === null || policy.forecast === null || time > policy.forecast.leadTimeHours * hourMs;
}

function forecastsOf(
  state: State,
  volume: ClusterVolume,
  policy: Policy,
  now: number,
): { subvolume: Subvolume; forecast: Forecast }[] {
  const minimumHistoryMs = (policy.forecast?.minHistoryHours ?? 24) * hourMs;
  return volume.subvolumes.flatMap((subvolume) => {
    const { forecast } = forecastSubvolume(state, volume.volume.id, subvolume, now, minimumHistoryMs);
    return forecast === null ? [] : [{ subvolume, forecast }];
  });
}
