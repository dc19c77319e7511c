// Findings about plans: the last one of a volume failed, and that is not long ago; none may run, because of a freeze.
import type { Finding } from '../../../shared/model/finding.ts';
import type { PlanRecord } from '../../../shared/model/plan.ts';
import type { Cluster } from '../cluster.ts';
import { describeFreeze } from '../growth/gates.ts';
import { dayMs, plansFor } from '../growth/past-growths.ts';
import type { State } from '../state.ts';
import { makeFinding } from './make-finding.ts';

/** The findings about the plans of every volume that still exists. A later plan that is done takes its finding away, and so does a day. */
export function planFindings(state: State, cluster: Cluster): Finding[] {
  const frozen = state.intent.isFrozen
    ? [makeFinding('changes-frozen', 'cluster', describeFreeze(state.intent))]
    : [];
  const failed = cluster.volumes.flatMap(({ volume }) => {
    const last = newest(
      plansFor(state, volume).filter(({ status }) => status === 'done' || status === 'failed'),
    );
    if (last?.status !== 'failed' || cluster.now - (last.endedAt ?? 0) > dayMs) return [];
    return [
      makeFinding(
        'plan-failed',
        volume.name,
        `${last.plan.id} failed: ${last.message ?? 'for no known reason'}`,
      ),
    ];
  });
  return [...frozen, ...failed];
}

function newest(records: readonly PlanRecord[]): PlanRecord | undefined {
  return [...records].sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))[0];
}
