// The one answer for whoever asks "is it well?", PURE: the worst finding decides, the rest is counted.
import { type Static, Type } from 'typebox';
import { Finding, type Severity, severities } from '../../../shared/model/finding.ts';
import { OneOf } from '../../../shared/model/schema.ts';
import { healthOf } from '../../core/health/health-of.ts';
import { counted } from '../../core/wording.ts';
import type { Snapshot } from '../../loop/coordination.ts';
import { Count, keyOfParts } from './page.ts';

/** More would hide the worst; `/v1/findings` has all of them. */
const shownFindings = 50;

export const HealthView = Type.Object({
  status: OneOf(['ok', 'warning', 'critical']),
  /** One sentence. */
  summary: Type.String(),
  /** The worst first, at most 50; `counts` has them all. */
  findings: Type.Array(Finding),
  counts: Type.Object({
    servers: Type.Object({ total: Count, fresh: Count }),
    volumes: Count,
    slots: Type.Object({ total: Count, usable: Count }),
    bricks: Type.Object({ total: Count, up: Count, down: Count, unknown: Count }),
    plans: Type.Object({ proposed: Count, running: Count }),
    findings: Type.Object({ critical: Count, warning: Count, info: Count }),
  }),
  /** ms since 1970 on the coordinator's clock. */
  asOf: Count,
  epoch: Count,
});
export type HealthView = Static<typeof HealthView>;

/** The health of everything. A coordinator that has heard of no server knows nothing, and that is not "ok". */
export function viewHealth(snapshot: Snapshot): HealthView {
  const counts = countAll(snapshot);
  const hasNone = counts.servers.total === 0;
  const health = healthOf(snapshot.findings);
  const status = health === 'ok' && hasNone ? 'warning' : health;
  const findings = [...snapshot.findings].sort((a, b) => (findingKey(a) < findingKey(b) ? -1 : 1));
  return {
    status,
    summary: hasNone ? 'No agent has reported yet, so nothing is known.' : summarize(counts, findings[0]),
    findings: findings.slice(0, shownFindings),
    counts,
    asOf: snapshot.now,
    epoch: snapshot.state.epoch,
  };
}

/** A key that puts the worst findings first, then sorts by code and subject. */
export function findingKey({ code, severity, subject, sentence }: Finding): string {
  return keyOfParts(String(severities.length - severities.indexOf(severity)), code, subject, sentence);
}

function summarize(counts: HealthView['counts'], worst: Finding | undefined): string {
  const { critical, warning } = counts.findings;
  if (worst === undefined || critical + warning === 0) {
    return `All is well: ${counted(counts.servers.fresh, 'server')}, ${counted(counts.volumes, 'volume')}, ${counted(counts.bricks.up, 'brick')} up.`;
  }
  const others = critical + warning - 1;
  return others === 0 ? worst.sentence : `${worst.sentence} (and ${counted(others, 'other finding')})`;
}

function countAll({ state, cluster, findings }: Snapshot): HealthView['counts'] {
  const bricks = cluster.volumes.flatMap(({ subvolumes }) =>
    subvolumes.flatMap((subvolume) => subvolume.bricks),
  );
  const up = bricks.filter((brick) => brick.isUp === true).length;
  const down = bricks.filter((brick) => brick.isUp === false).length;
  const plans = [...state.plans.values()];
  const bySeverity = (severity: Severity) =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    servers: {
      total: cluster.servers.length,
      fresh: cluster.servers.filter((server) => server.isFresh).length,
    },
    volumes: cluster.volumes.length,
    slots: {
      total: cluster.slots.length,
      usable: cluster.slots.filter(({ slot }) => slot.problem === null).length,
    },
    bricks: { total: bricks.length, up, down, unknown: bricks.length - up - down },
    plans: {
      proposed: plans.filter((record) => record.status === 'proposed').length,
      running: plans.filter((record) => record.status === 'running').length,
    },
    findings: { critical: bySeverity('critical'), warning: bySeverity('warning'), info: bySeverity('info') },
  };
}
