// The cluster's health in one word: the severity of the gravest finding.
import type { Finding } from '../../../shared/model/finding.ts';

export type Health = 'ok' | 'warning' | 'critical';

/** ok when nothing is worse than worth knowing. */
export function healthOf(findings: readonly Finding[]): Health {
  if (findings.some((finding) => finding.severity === 'critical')) return 'critical';
  return findings.some((finding) => finding.severity === 'warning') ? 'warning' : 'ok';
}
