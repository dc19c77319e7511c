// Which rebalance follows a growth: what the policy says, but never one that can lose data. A volume that fills must grow
// all the same, so where files cannot be moved the layout alone is fixed, and the plan says why.
import { losesDataInRebalance } from '../../../shared/model/gluster.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { ClusterVolume } from '../cluster.ts';
import { serversOf } from '../view-volumes.ts';
import { listed } from '../wording.ts';

/** The kind of step that ends a growth of `volume`; null for none. */
export function rebalanceAfterGrowth(
  policy: Policy,
  volume: ClusterVolume,
): 'fix-layout' | 'rebalance' | null {
  if (policy.rebalance === 'none') return null;
  return policy.rebalance === 'data' && whyNoDataMove(volume) === null ? 'rebalance' : 'fix-layout';
}

/** Why a full rebalance of `volume` must not be started, in one sentence; null when it may. */
export function whyNoDataMove(volume: ClusterVolume): string | null {
  const unsafe = serversOf(volume).filter(
    ({ gluster }) => gluster === null || losesDataInRebalance(gluster.version),
  );
  if (unsafe.length === 0) return null;
  const versions = unsafe.map(
    ({ name, gluster }) => `${name} runs Gluster ${gluster?.version ?? 'of unknown version'}`,
  );
  return `${listed(versions)}, and a full rebalance on 11.0 can delete files (#4148)`;
}
