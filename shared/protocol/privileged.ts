// What the unprivileged agent and the privileged process say to each other over the unix socket: one JSON object a
// line, an id to match answers to questions. Looks read and change nothing; an order is passed on as it was signed.
import { type Static, Type } from 'typebox';
import { Brick } from '../model/brick.ts';
import { Gluster } from '../model/gluster.ts';
import { ListeningPort } from '../model/network.ts';
import { Epoch, Outcome } from '../model/order.ts';
import { OneOf } from '../model/schema.ts';
import { SignedOrder } from './messages.ts';

/** The reads that need root, by name, with what they answer. */
export const lookValues = {
  gluster: Gluster,
  bricks: Type.Array(Brick),
  ports: Type.Array(ListeningPort),
  /** Highest epoch obeyed so far, 0 before the first order. */
  epoch: Epoch,
} as const;
export type LookName = keyof typeof lookValues;
export type LookValue<K extends LookName> = Static<(typeof lookValues)[K]>;
export const lookNames = Object.keys(lookValues) as LookName[];

const Id = Type.Integer({ minimum: 0 });

export const PrivilegedRequest = Type.Union([
  Type.Object({
    id: Id,
    kind: Type.Literal('look'),
    look: OneOf(lookNames),
  }),
  Type.Object({ id: Id, kind: Type.Literal('order'), order: SignedOrder }),
]);
export type PrivilegedRequest = Static<typeof PrivilegedRequest>;

export const PrivilegedResponse = Type.Union([
  Type.Object({ id: Id, kind: Type.Literal('seen'), value: Type.Unknown() }),
  Type.Object({ id: Id, kind: Type.Literal('outcome'), outcome: Outcome }),
  Type.Object({ id: Id, kind: Type.Literal('error'), code: Type.String(), message: Type.String() }),
]);
export type PrivilegedResponse = Static<typeof PrivilegedResponse>;
