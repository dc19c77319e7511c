// Orders from the bus to the privileged process, and outcomes back. Nothing is decided here: the privileged process checks
// signature, epoch and deadline by itself. What nobody knows the end of is said to be unknown, and the coordinator looks.
import { Compile } from 'typebox/compile';
import { describeError, errorCodeOf } from '../../shared/lib/errors.ts';
import type { ServerName } from '../../shared/model/names.ts';
import { Order, type Outcome } from '../../shared/model/order.ts';
import { decodeMessage, encodeMessage, type SignedOrder } from '../../shared/protocol/messages.ts';
import { subjects } from '../../shared/protocol/subjects.ts';
import type { Bus, BusMessage } from '../../shared/runtime/bus.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { DroppedMessages } from '../../shared/runtime/dropped-messages.ts';

export interface OrderEdges {
  server: ServerName;
  bus: Bus;
  clock: Clock;
  dropped: DroppedMessages;
  /** Passes an order on; throws when nobody knows what came of it. */
  obey: (order: SignedOrder) => Promise<Outcome>;
  /** Called with each outcome after it was published, so that its effect is looked for. */
  onOutcome: (outcome: Outcome) => void;
}

/** The privileged process answers a repeated order from its journal; so many different ones at once are a flood. */
const maxUnderWay = 8;

const validOrder = Compile(Order);

/** Takes orders for `server` until the returned function is called. */
export function takeOrders(edges: OrderEdges): () => void {
  const underWay = new Set<string>();

  async function take({ subject, data }: BusMessage): Promise<void> {
    const beganAt = edges.clock.now();
    const decoded = decodeMessage('order', data);
    if (!decoded.ok) return edges.dropped.drop(subject, decoded.problem);
    const order = readOrder(decoded.body);
    if (order === null) return edges.dropped.drop(subject, 'the signed text is not an order');
    if (underWay.has(order.id)) return;
    if (underWay.size >= maxUnderWay)
      return edges.dropped.drop(subject, `${maxUnderWay} orders are under way`);

    underWay.add(order.id);
    const outcome = await edges
      .obey(decoded.body)
      .catch((error: unknown) => outcomeOfError(order, error, beganAt, edges));
    underWay.delete(order.id);
    if (outcome === null) return;
    edges.bus.publish(subjects.outcome(edges.server), encodeMessage('outcome', outcome));
    edges.onOutcome(outcome);
  }

  return edges.bus.subscribe(subjects.order(edges.server), (message) => void take(message));
}

/** What the order says of itself. Nothing of it is believed here but its name. */
function readOrder({ payload }: SignedOrder): Order | null {
  try {
    const order: unknown = JSON.parse(payload);
    return validOrder.Check(order) ? order : null;
  } catch {
    // Not JSON, so no order.
    return null;
  }
}

/**
 * Null when the privileged process was away or hung up: nothing is said then, because the coordinator gives the order
 * again every two seconds, and the process that comes back finds it in its journal and looks what became of it.
 */
function outcomeOfError(
  order: Order,
  error: unknown,
  beganAt: number,
  { server, clock }: OrderEdges,
): Outcome | null {
  const code = errorCodeOf(error);
  if (code === 'privileged-unavailable') return null;
  return {
    orderId: order.id,
    plan: order.plan,
    stepIndex: order.stepIndex,
    server,
    kind: code === 'order-refused' ? 'refused' : 'unknown',
    message: describeError(error).slice(0, 4096),
    beganAt: Math.round(beganAt),
    endedAt: Math.round(clock.now()),
  };
}
