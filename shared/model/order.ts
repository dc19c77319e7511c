// An order: a step sent to an agent, and the outcome that comes back. The order's id names the step and the attempt,
// so that a repeated order is known for the same one and is answered with the outcome that was recorded.
import { type Static, Type } from 'typebox';
import { PlanId, ServerName } from './names.ts';
import { OneOf } from './schema.ts';
import { Step } from './step.ts';

const Milliseconds = Type.Integer({ minimum: 0 });

/** Grows whenever a coordinator takes charge. The bound keeps it an exact number that prints without an exponent. */
const highestEpoch = 1_000_000_000_000;
export const Epoch = Type.Integer({ minimum: 0, maximum: highestEpoch });

export const Order = Type.Object({
  /** `<epoch>.<plan>.<step index>.<attempt>` */
  id: Type.String({ minLength: 1, maxLength: 256, pattern: '^[A-Za-z0-9_.-]+$' }),
  epoch: Type.Integer({ minimum: 1, maximum: highestEpoch }),
  plan: PlanId,
  stepIndex: Type.Integer({ minimum: 0 }),
  server: ServerName,
  issuedAt: Milliseconds,
  /** After this time the order is not begun any more. */
  deadline: Milliseconds,
  step: Step,
});
export type Order = Static<typeof Order>;

export const outcomeKinds = ['done', 'busy', 'failed', 'refused', 'unknown'] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];

/**
 * What came of an order. done: the effect is there (made now or found). busy: Gluster was, try again. failed: it was
 * tried and Gluster said no. refused: not tried, the order itself was not acceptable. unknown: it was begun and its
 * end was not seen; look before trying again.
 */
export const Outcome = Type.Object({
  orderId: Type.String({ maxLength: 256 }),
  plan: PlanId,
  stepIndex: Type.Integer({ minimum: 0 }),
  server: ServerName,
  kind: OneOf(outcomeKinds),
  message: Type.String({ maxLength: 4096 }),
  beganAt: Milliseconds,
  endedAt: Milliseconds,
});
export type Outcome = Static<typeof Outcome>;
