// The policy that holds for a volume: what an operator set, or else the default, which proposes and does not act.
import type { VolumeName } from '../../../shared/model/names.ts';
import { defaultPolicy, type Policy } from '../../../shared/model/policy.ts';
import type { State } from '../state.ts';

/** The policy of the volume of that name. */
export function policyOf(state: State, volume: VolumeName): Policy {
  return state.policies.get(volume) ?? defaultPolicy;
}
