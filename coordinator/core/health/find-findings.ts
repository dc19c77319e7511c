// Everything that is wrong or worth knowing, found anew at each activation from the newest reports: a finding goes away
// by itself when its cause does. What a silent server said last is not repeated as if it were still so.
import type { Finding } from '../../../shared/model/finding.ts';
import type { Cluster } from '../cluster.ts';
import type { GrowthConclusion } from '../growth/decide-growth.ts';
import type { State } from '../state.ts';
import { brickFindings } from './brick-findings.ts';
import { sortFindings } from './make-finding.ts';
import { nameFindings } from './name-findings.ts';
import { planFindings } from './plan-findings.ts';
import { serverFindings } from './server-findings.ts';
import { volumeFindings } from './volume-findings.ts';

/** All findings about `cluster`, which is the view of `state`, sorted by severity, code and subject. */
export function findFindings(
  state: State,
  cluster: Cluster,
  conclusions: readonly GrowthConclusion[],
): Finding[] {
  return sortFindings([
    ...serverFindings(state, cluster),
    ...brickFindings(cluster),
    ...volumeFindings(state, cluster, conclusions),
    ...nameFindings(cluster),
    ...planFindings(state, cluster),
  ]);
}
