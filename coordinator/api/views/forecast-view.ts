// When a volume's subvolumes will be full, and how they were used, as the API shows it, PURE.
import { type Static, Type } from 'typebox';
import { VolumeName } from '../../../shared/model/names.ts';
import { Nullable } from '../../../shared/model/schema.ts';
import type { ClusterVolume, Subvolume } from '../../core/cluster.ts';
import type { HourOfUse } from '../../core/growth/forecast/fold-history.ts';
import { forecastSubvolume, subvolumeKey } from '../../core/growth/forecast/forecast-subvolume.ts';
import { judgeForecast } from '../../core/growth/forecast/judge-forecast.ts';
import { policyOf } from '../../core/growth/policy-of.ts';
import type { Snapshot } from '../../loop/coordination.ts';
import { Amount, Count } from './page.ts';

const hourMs = 3_600_000;
/** What is asked for where the policy takes no notice of forecasts: a day, the policy's own default. */
const usualHistoryMs = 24 * hourMs;

const SubvolumeForecastView = Type.Object({
  /** From 0, in Gluster's order. */
  index: Count,
  sizeBytes: Amount,
  freeBytes: Amount,
  /** From the first sample that is kept to the newest; null without any. */
  historyMs: Amount,
  /** By the faster of two robust rates, by their mean, by the slower (null: in more than two years). Null as a whole: use is flat, shrinks, or is not known for long enough. */
  fullAt: Nullable(
    Type.Object({ early: Type.Number(), likely: Type.Number(), late: Nullable(Type.Number()) }),
  ),
  bytesPerDay: Nullable(Type.Number()),
  /** Time to full if it goes on as in the last half hour, ms; null when use does not rise. */
  burstMs: Amount,
  /** Whether that is within the policy's lead time. */
  isDue: Type.Boolean(),
  sentence: Type.String(),
});

export const ForecastView = Type.Object({
  volume: VolumeName,
  asOf: Type.Integer(),
  /** The policy's; null where it takes no notice of forecasts. */
  leadTimeMs: Amount,
  /** The one that is full first before all others; those without a forecast last. */
  subvolumes: Type.Array(SubvolumeForecastView),
});
export type ForecastView = Static<typeof ForecastView>;

export const HistoryView = Type.Object({
  volume: VolumeName,
  from: Type.Integer(),
  to: Type.Integer(),
  stepMs: Type.Integer(),
  subvolumes: Type.Array(
    Type.Object({
      index: Count,
      /** Oldest first; a step without a sample has no point. `usedBytes` is the newest of the step, `mostUsedBytes` the greatest. */
      points: Type.Array(
        Type.Object({
          at: Type.Integer(),
          usedBytes: Type.Number(),
          mostUsedBytes: Type.Number(),
          sizeBytes: Type.Number(),
        }),
      ),
    }),
  ),
});
export type HistoryView = Static<typeof HistoryView>;

/** The forecasts of all subvolumes of `cluster`. */
export function viewForecast(snapshot: Snapshot, cluster: ClusterVolume): ForecastView {
  const { name } = cluster.volume;
  const wish = policyOf(snapshot.state, name).forecast;
  const leadTimeMs = wish === null ? null : wish.leadTimeHours * hourMs;
  const minimumHistoryMs = wish === null ? usualHistoryMs : wish.minHistoryHours * hourMs;
  const subvolumes = cluster.subvolumes.map((subvolume) =>
    viewOne(snapshot, cluster, subvolume, { leadTimeMs, minimumHistoryMs }),
  );
  const fullAt = ({ fullAt }: (typeof subvolumes)[number]) => fullAt?.likely ?? Number.MAX_SAFE_INTEGER;
  return {
    volume: name,
    asOf: snapshot.now,
    leadTimeMs,
    subvolumes: subvolumes.sort((a, b) => fullAt(a) - fullAt(b) || a.index - b.index),
  };
}

function viewOne(
  { state, now }: Snapshot,
  { volume }: ClusterVolume,
  subvolume: Subvolume,
  { leadTimeMs, minimumHistoryMs }: { leadTimeMs: number | null; minimumHistoryMs: number },
): ForecastView['subvolumes'][number] {
  const { forecast, burstMs } = forecastSubvolume(state, volume.id, subvolume, now, minimumHistoryMs);
  const samples = state.histories.get(subvolumeKey(volume.id, subvolume)) ?? [];
  const first = samples[0];
  const newest = samples.at(-1);
  const judgement = judgeForecast(forecast, leadTimeMs ?? 0, now);
  return {
    index: subvolume.index,
    sizeBytes: subvolume.sizeBytes,
    freeBytes: subvolume.freeBytes,
    historyMs: first === undefined || newest === undefined ? null : newest.at - first.at,
    fullAt: forecast && { ...forecast.fullAt },
    bytesPerDay: forecast?.bytesPerDay ?? null,
    burstMs,
    isDue: leadTimeMs !== null && judgement.isDue,
    sentence: judgement.sentence,
  };
}

/** Points of use (oldest first) as one for each step. */
export function pointsPerStep(use: readonly HourOfUse[], stepMs: number): HourOfUse[] {
  const steps = new Map<number, HourOfUse>();
  for (const point of use) {
    const at = Math.floor(point.at / stepMs) * stepMs;
    const most = Math.max(point.mostUsedBytes, steps.get(at)?.mostUsedBytes ?? 0);
    steps.set(at, { at, usedBytes: point.usedBytes, mostUsedBytes: most, sizeBytes: point.sizeBytes });
  }
  return [...steps.values()];
}
