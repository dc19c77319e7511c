// The policy that holds for a volume: what an operator set for it, or else the cluster's default.
import type { VolumeName } from '../../../shared/model/names.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { State } from '../state.ts';

/** The policy of the volume of that name. */
export function policyOf(state: State, volume: VolumeName): Policy {
  return state.policies.get(volume) ?? state.intent.defaults;
}
