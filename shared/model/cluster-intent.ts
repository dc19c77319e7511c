// What people want of the whole cluster: the policy of volumes without one of their own, and whether everything is to
// stand still. It is stored as it is; the servers cannot show it.
import { type Static, Type } from 'typebox';
import { defaultPolicy, Policy } from './policy.ts';
import { Nullable } from './schema.ts';

/** What a person sets. */
export const ClusterWish = Type.Object(
  {
    /** The policy of every volume for which none was set. */
    defaults: Policy,
    /** Frozen, Mortar gives no order and starts no plan, whoever asks; it watches, decides and explains as ever. */
    isFrozen: Type.Boolean(),
    freezeReason: Nullable(Type.String({ minLength: 1, maxLength: 500 })),
  },
  { additionalProperties: false },
);
export type ClusterWish = Static<typeof ClusterWish>;

export const ClusterIntent = Type.Object(
  {
    ...ClusterWish.properties,
    /** When the freeze was set or taken off, ms since 1970; null while neither has ever been. */
    changedAt: Nullable(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);
export type ClusterIntent = Static<typeof ClusterIntent>;

/** What holds while nobody has said anything. */
export const defaultClusterIntent: ClusterIntent = {
  defaults: defaultPolicy,
  isFrozen: false,
  freezeReason: null,
  changedAt: null,
};
