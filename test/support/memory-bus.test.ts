// The bus in memory keeps the contract of the real one, and loses what it is told to lose.
import { expect, test } from 'vitest';
import { describeBusContract } from './bus-contract.ts';
import { createMemoryBus } from './memory-bus.ts';

const shared = createMemoryBus();
describeBusContract('the bus in memory', async () => shared.connect());

test('a client that is cut off misses what is sent meanwhile, and its subscriptions work again afterwards', async () => {
  const bus = createMemoryBus();
  const [sender, receiver] = [bus.connect(), bus.connect()];
  const received: number[] = [];
  const statuses: boolean[] = [];
  receiver.subscribe('s', (message) => received.push(message.data[0] ?? -1));
  receiver.onStatus((isConnected) => statuses.push(isConnected));
  for (const number of [1, 2, 3]) {
    receiver.setConnected(number !== 2);
    sender.publish('s', Uint8Array.of(number));
    await sender.flush();
  }
  expect(received).toEqual([1, 3]);
  expect(statuses).toEqual([false, true]);
});

test('loses exactly the messages that it was told to lose', async () => {
  const bus = createMemoryBus();
  const client = bus.connect();
  const received: string[] = [];
  client.subscribe('>', (message) => received.push(message.subject));
  bus.lose((message) => message.subject === 'b');
  for (const subject of ['a', 'b', 'c']) client.publish(subject, new Uint8Array());
  await client.flush();
  expect(received).toEqual(['a', 'c']);
});
