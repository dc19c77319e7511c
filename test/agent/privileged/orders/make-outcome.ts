// Outcomes for tests.
import type { PlanId } from '../../../../shared/model/names.ts';
import type { Outcome } from '../../../../shared/model/order.ts';
import { self } from './make-order.ts';

/** The outcome of the order `orderId`: done, unless `fields` say otherwise. */
export function makeOutcome(orderId: string, fields: Partial<Outcome> = {}): Outcome {
  return {
    orderId,
    plan: 'grow-vol1-20261121T000000Z' as PlanId,
    stepIndex: 0,
    server: self,
    kind: 'done',
    message: 'made it',
    beganAt: 1,
    endedAt: 2,
    ...fields,
  };
}
