// Sends orders and says them again until an outcome comes or the deadline has passed: the bus is lossy. A repeated
// order has the same id, and the privileged process answers it with the outcome it recorded.
import type { Order } from '../../shared/model/order.ts';
import { encodeMessage } from '../../shared/protocol/messages.ts';
import { signOrder } from '../../shared/protocol/signing.ts';
import { subjects } from '../../shared/protocol/subjects.ts';
import type { Bus } from '../../shared/runtime/bus.ts';
import type { Clock, Timer } from '../../shared/runtime/clock.ts';
import type { Log } from '../../shared/runtime/log.ts';

/** Long enough for a quick step to answer first, short enough that a lost order costs little. */
const repeatMs = 2_000;

export interface OrderSender {
  send(order: Order): void;
  /** Stops repeating an order: its outcome came. */
  settle(orderId: string): void;
  stop(): void;
}

/** A sender that signs with the coordinator's private key (PKCS #8 PEM). */
export function createOrderSender(edges: {
  bus: Bus;
  clock: Clock;
  log: Log;
  privatePem: string;
}): OrderSender {
  const { bus, clock, log } = edges;
  const timers = new Map<string, Timer>();

  function repeat(order: Order, data: Uint8Array): void {
    if (clock.now() >= order.deadline) {
      timers.delete(order.id);
      return;
    }
    publish(order, data);
    timers.set(
      order.id,
      clock.after(repeatMs, () => repeat(order, data)),
    );
  }

  /** A bus whose limit is too small for the order is an operator's to mend; the order's deadline ends the waiting. */
  function publish(order: Order, data: Uint8Array): void {
    try {
      bus.publish(subjects.order(order.server), data);
    } catch (error) {
      log.error({ error, orderId: order.id }, 'the bus does not take an order');
    }
  }

  return {
    send(order) {
      repeat(order, encodeMessage('order', signOrder(order, edges.privatePem)));
    },
    settle(orderId) {
      timers.get(orderId)?.cancel();
      timers.delete(orderId);
    },
    stop() {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}
