// The forecast of a subvolume of the cluster, from the histories in the state.
import type { VolumeId } from '../../../../shared/model/names.ts';
import { brickSpec, type Subvolume } from '../../cluster.ts';
import type { State } from '../../state.ts';
import { type Forecast, forecastFull } from './forecast-full.ts';
import type { Sample } from './sample.ts';
import { timeToFullMs } from './time-to-full.ts';

/** The volume's id and the subvolume's first brick: it stays when subvolumes are added, and ends when that brick is replaced. */
export type SubvolumeKey = string & { readonly __brand: 'SubvolumeKey' };

export interface SubvolumeForecast {
  /** Null when its use is flat or shrinks, or when its history is too short. */
  readonly forecast: Forecast | null;
  /** Time to full if it goes on as in the last half hour, ms; null when it does not rise. */
  readonly burstMs: number | null;
}

/** The key under which the history of a subvolume is kept. */
export function subvolumeKey(volume: VolumeId, { bricks }: Pick<Subvolume, 'bricks'>): SubvolumeKey {
  const [first] = bricks;
  return `${volume} ${first === undefined ? '' : brickSpec(first.brick)}` as SubvolumeKey;
}

/** What the history says of `subvolume` at `now`; `minimumHistoryMs` is the least history to believe. */
export function forecastSubvolume(
  { histories }: Pick<State, 'histories'>,
  volume: VolumeId,
  subvolume: Subvolume,
  now: number,
  minimumHistoryMs: number,
): SubvolumeForecast {
  const samples = histories.get(subvolumeKey(volume, subvolume)) ?? [];
  const { sizeBytes } = subvolume;
  if (sizeBytes === null) return { forecast: null, burstMs: null };
  return { forecast: remembered(samples, sizeBytes, minimumHistoryMs), burstMs: timeToFullMs(samples, now) };
}

/**
 * Activations come with every beat and a history changes once a minute, so the answer is kept as long as the list of
 * samples that it follows from; a list is never changed, only replaced.
 */
const answers = new WeakMap<
  readonly Sample[],
  { sizeBytes: number; minimumHistoryMs: number; forecast: Forecast | null }
>();

function remembered(
  samples: readonly Sample[],
  sizeBytes: number,
  minimumHistoryMs: number,
): Forecast | null {
  const known = answers.get(samples);
  if (known?.sizeBytes === sizeBytes && known.minimumHistoryMs === minimumHistoryMs) return known.forecast;
  const forecast = forecastFull(samples, { sizeBytes, minimumHistoryMs });
  answers.set(samples, { sizeBytes, minimumHistoryMs, forecast });
  return forecast;
}
