// Orders on a lossy bus: signed, repeated until an outcome or the deadline, over the memory bus and a clock moved by hand.
import { expect, test } from 'vitest';
import { createOrderSender } from '../../../coordinator/link/send-orders.ts';
import type { PlanId, ServerName } from '../../../shared/model/names.ts';
import type { Order } from '../../../shared/model/order.ts';
import { decodeMessage } from '../../../shared/protocol/messages.ts';
import { generateSigningKeys, isSignedBy } from '../../../shared/protocol/signing.ts';
import { recordLog } from '../../support/log-recorder.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createMemoryBus } from '../../support/memory-bus.ts';

const order: Order = {
  id: '1.grow-vol1-x.0.1',
  epoch: 1,
  plan: 'grow-vol1-x' as PlanId,
  stepIndex: 0,
  server: 'gluster1.lab' as ServerName,
  issuedAt: 0,
  deadline: 10_000,
  step: {
    kind: 'fix-layout',
    server: 'gluster1.lab',
    volume: 'vol1',
    volumeId: 'x',
    taskIdBefore: null,
  } as never,
};

function setUp() {
  const keys = generateSigningKeys();
  const clock = createManualClock(0);
  const bus = createMemoryBus();
  const received: Uint8Array[] = [];
  bus.connect().subscribe('mortar.v1.order.gluster1_lab', ({ data }) => received.push(data));
  const client = bus.connect();
  const sender = createOrderSender({ bus: client, clock, log: recordLog().log, privatePem: keys.privatePem });
  const sentSoFar = async () => {
    await client.flush();
    return received.length;
  };
  return { keys, clock, sender, received, sentSoFar };
}

test('an order travels to its server, signed', async () => {
  const { keys, sender, received, sentSoFar } = setUp();
  sender.send(order);
  expect(await sentSoFar()).toBe(1);
  const decoded = decodeMessage('order', received[0] as Uint8Array);
  if (!decoded.ok) throw new Error(decoded.problem);
  expect(isSignedBy(decoded.body, keys.publicPem)).toBe(true);
  expect(JSON.parse(decoded.body.payload)).toEqual(order);
});

test('an order is said again until its outcome came', async () => {
  const { clock, sender, sentSoFar } = setUp();
  sender.send(order);
  await clock.advance(4_000);
  expect(await sentSoFar()).toBe(3);
  sender.settle(order.id);
  await clock.advance(4_000);
  expect(await sentSoFar()).toBe(3);
});

test('an order is not said again after its deadline', async () => {
  const { clock, sender, sentSoFar } = setUp();
  sender.send(order);
  await clock.advance(60_000);
  expect(await sentSoFar()).toBe(5);
});
