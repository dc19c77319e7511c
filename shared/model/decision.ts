// A decision: what the coordinator concluded for a volume, and why. To wait is a decision too, and is shown.
import { type Static, Type } from 'typebox';
import { PlanId, VolumeName } from './names.ts';
import { Candidate } from './plan.ts';
import { Nullable, OneOf } from './schema.ts';

export const decisionKinds = [
  'nothing-to-do',
  'off',
  'waiting',
  'blocked',
  'no-room',
  'proposed',
  'growing',
] as const;
export type DecisionKind = (typeof decisionKinds)[number];

export const Decision = Type.Object({
  volume: VolumeName,
  kind: OneOf(decisionKinds),
  /** One sentence that a person can read alone. */
  sentence: Type.String(),
  /** Every gate or limit that stands in the way, or every reason for the growth; one sentence each. */
  reasons: Type.Array(Type.String()),
  /** Every slot that was looked at, where slots were looked at. */
  candidates: Type.Array(Candidate),
  plan: Nullable(PlanId),
});
export type Decision = Static<typeof Decision>;
