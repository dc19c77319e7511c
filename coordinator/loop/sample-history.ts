// Keeps the histories: a sample of each subvolume a minute, folded into hours in memory and written to the cache in one
// transaction. A restart reads them back, and what the last process had not folded yet is folded with the next sample.
import type { Clock } from '../../shared/runtime/clock.ts';
import { addSample, type History, historyFrom, noHistory } from '../core/growth/forecast/fold-history.ts';
import { usefulHistoryMs } from '../core/growth/forecast/forecast-full.ts';
import type { SubvolumeKey } from '../core/growth/forecast/forecast-subvolume.ts';
import type { Sample } from '../core/growth/forecast/sample.ts';
import { takeSamples } from '../core/growth/forecast/take-samples.ts';
import type { State } from '../core/state.ts';
import { viewCluster } from '../core/view-cluster.ts';
import type { Store } from '../store/store.ts';

export interface SampleHistory {
  /** What the core works on: replaced at each sample, never changed. */
  histories(): State['histories'];
  /** Takes a sample of what `state` shows now. */
  sample(state: State): void;
}

/** The histories as the store has them. */
export function createSampleHistory({ store, clock }: { store: Store; clock: Clock }): SampleHistory {
  const now = clock.now();
  const kept = new Map<SubvolumeKey, History>();
  for (const { key, hours, samples } of store.loadHistory(now - usefulHistoryMs, now)) {
    kept.set(key, historyFrom(hours, samples));
  }
  let histories: State['histories'] = new Map([...kept].map(([key, history]) => [key, listOf(history)]));

  return {
    histories: () => histories,
    sample(state) {
      const at = clock.now();
      const samples = takeSamples(viewCluster(state, at));
      const next = new Map(histories);
      const hours = samples.flatMap(({ key, sample }) => {
        const { history, folded } = addSample(kept.get(key) ?? noHistory, sample);
        kept.set(key, history);
        next.set(key, listOf(history));
        return folded.map((hour) => ({ key, hour }));
      });
      for (const [key, samplesOf] of next) {
        if ((samplesOf.at(-1)?.at ?? 0) >= at - usefulHistoryMs) continue;
        next.delete(key);
        kept.delete(key);
      }
      histories = next;
      if (samples.length > 0) store.saveHistory({ at, samples, hours });
    },
  };
}

function listOf({ hours, recent }: History): readonly Sample[] {
  return [...hours, ...recent];
}
