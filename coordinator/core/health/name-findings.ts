// Findings about names: what is wrong with how the pool's names resolve, one finding for each name and kind.
import type { Finding } from '../../../shared/model/finding.ts';
import type { Cluster } from '../cluster.ts';
import { findNameProblems } from '../membership/name-problems.ts';
import { makeFinding } from './make-finding.ts';

/** The findings about what the pool's names resolve to on the servers that are heard. */
export function nameFindings(cluster: Cluster): Finding[] {
  return findNameProblems(cluster).map(({ code, name, sentence }) => makeFinding(code, name, sentence));
}
