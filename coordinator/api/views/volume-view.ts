// A volume as the API shows it, PURE: its shape, its space by the fullest subvolume, what may be done for it (policy) and
// what is being done and why (decision).
import { type Static, Type } from 'typebox';
import { Decision } from '../../../shared/model/decision.ts';
import { ServerName, VolumeName } from '../../../shared/model/names.ts';
import { Policy } from '../../../shared/model/policy.ts';
import { Nullable } from '../../../shared/model/schema.ts';
import { Volume } from '../../../shared/model/volume.ts';
import type { ClusterVolume, Subvolume } from '../../core/cluster.ts';
import { policyOf } from '../../core/growth/policy-of.ts';
import type { Snapshot } from '../../loop/coordination.ts';
import { BrickView, viewBricksOf } from './brick-view.ts';
import { Amount, Count } from './page.ts';

const { id, name, kind, status, replicaCount, arbiterCount, disperseCount, redundancyCount } =
  Volume.properties;

const Fill = Type.Object({
  /** From 0, in Gluster's order. */
  index: Count,
  sizeBytes: Amount,
  freeBytes: Amount,
  freePercent: Nullable(Type.Number({ minimum: 0, maximum: 100 })),
});

export const SubvolumeView = Type.Object({ ...Fill.properties, bricks: Type.Array(BrickView) });
export type SubvolumeView = Static<typeof SubvolumeView>;

export const PolicyView = Type.Object({
  volume: VolumeName,
  policy: Policy,
  /** Whether nobody has set one, and this is what holds then. */
  isDefault: Type.Boolean(),
});
export type PolicyView = Static<typeof PolicyView>;

const summary = {
  id,
  name,
  kind,
  status,
  shape: Type.Object({
    subvolumes: Count,
    bricks: Count,
    replicaCount,
    arbiterCount,
    disperseCount,
    redundancyCount,
  }),
  /** Space for files on all subvolumes; null as soon as one is unknown. */
  space: Nullable(Type.Object({ sizeBytes: Type.Number(), freeBytes: Type.Number() })),
  /** The subvolume that fills first, which is what decides; null when one is unknown. */
  fullest: Nullable(Fill),
  bricksUp: Type.Object({ up: Count, down: Count, unknown: Count }),
  /** Whether all servers that know the volume hold the same configuration of it. */
  isConsistent: Type.Boolean(),
  mode: Policy.properties.mode,
  /** What Mortar is doing or waiting for, without the slots that it looked at; null before the first activation. */
  decision: Nullable(Type.Omit(Decision, ['candidates'])),
};

export const VolumeSummary = Type.Object(summary);
export type VolumeSummary = Static<typeof VolumeSummary>;

export const VolumeView = Type.Object({
  ...summary,
  decision: Nullable(Decision),
  policy: Policy,
  isDefaultPolicy: Type.Boolean(),
  knownBy: Type.Array(ServerName),
  options: Volume.properties.options,
  rebalance: Volume.properties.rebalance,
  /** Fullest first; those whose space is unknown before all others, because nobody knows how full they are. */
  subvolumes: Type.Array(SubvolumeView),
});
export type VolumeView = Static<typeof VolumeView>;

/** One line of the list of volumes. */
export function summarizeVolume(snapshot: Snapshot, cluster: ClusterVolume): VolumeSummary {
  const { volume, subvolumes, space, fullest } = cluster;
  const bricks = subvolumes.flatMap((subvolume) => subvolume.bricks);
  const decision = decisionOn(snapshot, volume.name);
  return {
    id: volume.id,
    name: volume.name,
    kind: volume.kind,
    status: volume.status,
    shape: {
      subvolumes: subvolumes.length,
      bricks: volume.bricks.length,
      replicaCount: volume.replicaCount,
      arbiterCount: volume.arbiterCount,
      disperseCount: volume.disperseCount,
      redundancyCount: volume.redundancyCount,
    },
    space: space && { sizeBytes: space.sizeBytes, freeBytes: space.freeBytes },
    fullest: fullest && fillOf(fullest),
    bricksUp: {
      up: bricks.filter((brick) => brick.isUp === true).length,
      down: bricks.filter((brick) => brick.isUp === false).length,
      unknown: bricks.filter((brick) => brick.isUp === null).length,
    },
    isConsistent: cluster.isConsistent,
    mode: viewPolicy(snapshot, volume.name).policy.mode,
    decision: decision && {
      volume: decision.volume,
      kind: decision.kind,
      sentence: decision.sentence,
      reasons: decision.reasons,
      plan: decision.plan,
    },
  };
}

/** All that is known of one volume. */
export function viewVolume(snapshot: Snapshot, cluster: ClusterVolume): VolumeView {
  const { policy, isDefault } = viewPolicy(snapshot, cluster.volume.name);
  return {
    ...summarizeVolume(snapshot, cluster),
    decision: decisionOn(snapshot, cluster.volume.name),
    policy,
    isDefaultPolicy: isDefault,
    knownBy: [...cluster.knownBy],
    options: cluster.volume.options,
    rebalance: cluster.volume.rebalance,
    subvolumes: [...cluster.subvolumes]
      .sort((a, b) => (a.freePercent ?? -1) - (b.freePercent ?? -1) || a.index - b.index)
      .map((subvolume) => ({ ...fillOf(subvolume), bricks: viewBricksOf(cluster, subvolume) })),
  };
}

/** The policy that holds for a volume: the one that was set, or the default. */
export function viewPolicy({ state }: Snapshot, volume: VolumeName): PolicyView {
  return { volume, policy: policyOf(state, volume), isDefault: !state.policies.has(volume) };
}

function decisionOn({ decisions }: Snapshot, volume: VolumeName): Decision | null {
  return decisions.find((decision) => decision.volume === volume) ?? null;
}

function fillOf({ index, sizeBytes, freeBytes, freePercent }: Subvolume) {
  return { index, sizeBytes, freeBytes, freePercent };
}
