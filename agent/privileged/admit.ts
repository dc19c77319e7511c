// May this order run? Pure, and the whole answer: the bus and the unprivileged agent may be in anybody's hands, so
// nothing is believed but what the pinned key has signed. Two halves, because an order that was carried out before is
// answered again even when its deadline has passed since.
import { Compile } from 'typebox/compile';
import type { ServerName } from '../../shared/model/names.ts';
import { Order } from '../../shared/model/order.ts';
import { describeStep } from '../../shared/model/step.ts';
import type { SignedOrder } from '../../shared/protocol/messages.ts';
import { isSignedBy } from '../../shared/protocol/signing.ts';

const validOrder = Compile(Order);

export type Verified = { ok: true; order: Order } | { ok: false; sentence: string };
export type Admitted = { ok: true } | { ok: false; sentence: string };

/**
 * The order in `signed`, if the coordinator whose key is `publicPem` meant it for this server, or in one sentence why
 * not. An order that names another server is refused even when its step names this one.
 */
export function verifyOrder(signed: SignedOrder, publicPem: string, server: ServerName): Verified {
  if (!isSignedBy(signed, publicPem)) {
    return { ok: false, sentence: 'the signature is not of the pinned coordinator key' };
  }
  let order: unknown;
  try {
    order = JSON.parse(signed.payload);
  } catch (error) {
    return {
      ok: false,
      sentence: `the order is not JSON: ${error instanceof Error ? error.message : error}`,
    };
  }
  if (!validOrder.Check(order)) {
    const [first] = validOrder.Errors(order);
    return {
      ok: false,
      sentence: `the order${first?.instancePath ?? ''} ${first?.message ?? 'does not fit'}`,
    };
  }
  if (order.server !== server || order.step.server !== server) {
    return {
      ok: false,
      sentence: `the order is for ${order.server} (${describeStep(order.step)}), and this is ${server}`,
    };
  }
  return { ok: true, order };
}

/** Whether a verified order may begin at `nowMs`, when the highest epoch obeyed so far is `highestEpoch`. */
export function admitOrder(order: Order, highestEpoch: number, nowMs: number): Admitted {
  if (order.epoch < highestEpoch) {
    return {
      ok: false,
      sentence: `epoch ${order.epoch} is over: this server has obeyed epoch ${highestEpoch}`,
    };
  }
  if (nowMs > order.deadline) {
    return {
      ok: false,
      sentence: `the deadline passed ${Math.ceil((nowMs - order.deadline) / 1000)} s ago by this server’s clock`,
    };
  }
  return { ok: true };
}
