// Orders in, outcomes out, and garbage nowhere.
import { expect, test } from 'vitest';
import { takeOrders } from '../../../agent/link/orders.ts';
import { MortarError } from '../../../shared/lib/errors.ts';
import type { AbsolutePath, PlanId, ServerName } from '../../../shared/model/names.ts';
import type { Order, Outcome } from '../../../shared/model/order.ts';
import { decodeMessage, encodeMessage, type SignedOrder } from '../../../shared/protocol/messages.ts';
import { everyServer, subjects } from '../../../shared/protocol/subjects.ts';
import { createDroppedMessages } from '../../../shared/runtime/dropped-messages.ts';
import { recordLog } from '../../support/log-recorder.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createMemoryBus } from '../../support/memory-bus.ts';

const server = 'gluster1' as ServerName;
const orderOf = (id = '1.grow-vol1-x.0.1'): Order => ({
  id,
  epoch: 1,
  plan: 'grow-vol1-x' as PlanId,
  stepIndex: 0,
  server,
  issuedAt: 0,
  deadline: 1,
  step: {
    kind: 'make-brick-directory',
    server,
    mountPoint: '/bricks/b1' as AbsolutePath,
    path: '/bricks/b1/vol1' as AbsolutePath,
  },
});
const outcomeOf = (order: Order, kind: Outcome['kind'] = 'done'): Outcome => ({
  orderId: order.id,
  plan: order.plan,
  stepIndex: order.stepIndex,
  server,
  kind,
  message: 'made',
  beganAt: 1,
  endedAt: 2,
});
const signed = (order: unknown): SignedOrder => ({
  payload: JSON.stringify(order),
  signature: 'of the coordinator',
});

function serve(obey: (order: SignedOrder) => Promise<Outcome>) {
  const memory = createMemoryBus();
  const [agent, coordinator] = [memory.connect(), memory.connect()];
  const clock = createManualClock(1_000);
  const { log, records } = recordLog();
  const dropped = createDroppedMessages(log, () => clock.now());
  const outcomes: Outcome[] = [];
  const looked: Outcome[] = [];
  coordinator.subscribe(everyServer.outcome, ({ data }) => {
    const decoded = decodeMessage('outcome', data);
    if (decoded.ok) outcomes.push(decoded.body);
  });
  const stop = takeOrders({
    server,
    bus: agent,
    clock,
    dropped,
    obey,
    onOutcome: (outcome) => looked.push(outcome),
  });
  const send = async (data: Uint8Array) => {
    coordinator.publish(subjects.order(server), data);
    await clock.advance(0);
  };
  return {
    stop,
    records,
    dropped,
    outcomes,
    looked,
    send,
    sendOrder: (order: unknown) => send(encodeMessage('order', signed(order))),
    settle: () => clock.advance(0),
  };
}

test('an order is passed on exactly as it was signed, and its outcome goes back', async () => {
  const passed: SignedOrder[] = [];
  const { sendOrder, outcomes, looked } = serve(async (order) => {
    passed.push(order);
    return outcomeOf(orderOf());
  });
  await sendOrder(orderOf());
  expect(passed).toEqual([signed(orderOf())]);
  expect(outcomes).toEqual([outcomeOf(orderOf())]);
  expect(looked).toEqual(outcomes);
});

test('an order that the privileged process does not accept has been refused', async () => {
  const { sendOrder, outcomes } = serve(async () => {
    throw new MortarError('order-refused', 'no coordinator key is pinned on this server');
  });
  await sendOrder(orderOf());
  expect(outcomes).toMatchObject([
    { kind: 'refused', message: 'no coordinator key is pinned on this server' },
  ]);
});

test('an order that was not answered in its time has an unknown outcome that says why', async () => {
  const { sendOrder, outcomes } = serve(async () => {
    throw new MortarError('command-timed-out', 'the privileged process has not answered for 660 s');
  });
  await sendOrder(orderOf());
  expect(outcomes).toEqual([
    {
      ...outcomeOf(orderOf(), 'unknown'),
      message: 'the privileged process has not answered for 660 s',
      beganAt: 1_000,
      endedAt: 1_000,
    },
  ]);
});

test('when the privileged process hangs up nothing is said, and the order is passed on when it comes again', async () => {
  let isAway = true;
  const { sendOrder, outcomes } = serve(async () => {
    if (isAway) throw new MortarError('privileged-unavailable', 'the privileged process hung up');
    return outcomeOf(orderOf());
  });
  await sendOrder(orderOf());
  expect(outcomes).toEqual([]);
  isAway = false;
  await sendOrder(orderOf());
  expect(outcomes).toEqual([outcomeOf(orderOf())]);
});

test('an order that is repeated while it is under way is passed on once, and again when it is over', async () => {
  const calls: PromiseWithResolvers<Outcome>[] = [];
  const { sendOrder, outcomes, settle } = serve(() => {
    const call = Promise.withResolvers<Outcome>();
    calls.push(call);
    return call.promise;
  });
  await sendOrder(orderOf());
  await sendOrder(orderOf());
  expect(calls).toHaveLength(1);
  calls[0]!.resolve(outcomeOf(orderOf()));
  await settle();
  expect(outcomes).toHaveLength(1);
  await sendOrder(orderOf());
  expect(calls).toHaveLength(2);
});

test('of a flood of orders eight are passed on at once, and the rest is dropped', async () => {
  let passed = 0;
  const { sendOrder, dropped } = serve(() => {
    passed += 1;
    return new Promise(() => {});
  });
  for (let index = 0; index < 20; index += 1) await sendOrder(orderOf(`1.grow-vol1-x.0.${index}`));
  expect(passed).toBe(8);
  expect(dropped.total()).toBe(12);
});

test.each<[string, Uint8Array]>([
  ['garbage', new Uint8Array([0, 255, 3, 7])],
  ['nothing', new Uint8Array()],
  ['another protocol', new TextEncoder().encode('{"protocol":99,"kind":"order","body":{}}')],
  ['no order inside', encodeMessage('order', signed({ hello: 'world' }))],
  ['no JSON inside', encodeMessage('order', { payload: 'rm -rf /', signature: 'x' })],
  ['an order of an unknown kind', encodeMessage('order', signed({ ...orderOf(), step: { kind: 'format' } }))],
])('a message with %s is counted, logged once and dropped', async (_, data) => {
  let passed = 0;
  const { send, dropped, records, outcomes } = serve(async () => {
    passed += 1;
    return outcomeOf(orderOf());
  });
  for (let turn = 0; turn < 3; turn += 1) await send(data);
  expect(passed).toBe(0);
  expect(outcomes).toEqual([]);
  expect(dropped.senders()).toMatchObject([{ sender: 'mortar.v1.order.gluster1', count: 3 }]);
  expect(records).toHaveLength(1);
});

test('after its stop no order is taken', async () => {
  let passed = 0;
  const { stop, sendOrder } = serve(async () => {
    passed += 1;
    return outcomeOf(orderOf());
  });
  stop();
  await sendOrder(orderOf());
  expect(passed).toBe(0);
});
