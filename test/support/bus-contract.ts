// What every Bus does: one suite for the bus in memory and for real NATS. A message that must not arrive is shown by
// one that is sent after it and does.
import { describe, expect, test } from 'vitest';
import { maxMessageBytes } from '../../shared/protocol/messages.ts';
import type { Bus } from '../../shared/runtime/bus.ts';

const text = (data: Uint8Array) => new TextDecoder().decode(data);
const bytes = (words: string) => new TextEncoder().encode(words);

/** Collects what arrives at `pattern`, and lets a test wait for the n-th message. */
function collect(bus: Bus, pattern: string) {
  const received: string[] = [];
  const waiting = new Map<number, () => void>();
  const unsubscribe = bus.subscribe(pattern, (message) => {
    received.push(`${message.subject} ${text(message.data)}`);
    waiting.get(received.length)?.();
  });
  const atLeast = (count: number) =>
    new Promise<void>((resolve) => {
      if (received.length >= count) resolve();
      else waiting.set(count, resolve);
    });
  return { received, atLeast, unsubscribe };
}

/** Declares the tests of the contract; `connect` gives connected clients of one and the same bus. */
export function describeBusContract(name: string, connect: () => Promise<Bus>): void {
  describe(`${name} keeps the contract of a bus`, () => {
    const cases = [
      { pattern: 'a.b.c', fitting: ['a.b.c'], other: ['a.b', 'a.b.c.d', 'a.b.x'] },
      { pattern: 'a.*.c', fitting: ['a.b.c', 'a.x.c'], other: ['a.c', 'a.b.b.c'] },
      { pattern: 'a.>', fitting: ['a.b', 'a.b.c.d'], other: ['a', 'b.a'] },
      { pattern: '*', fitting: ['a'], other: ['a.b'] },
      { pattern: '>', fitting: ['a', 'a.b'], other: [] },
    ];
    test.each(cases)('"$pattern" gets $fitting and not $other', async ({ pattern, fitting, other }) => {
      const [sender, receiver] = await Promise.all([connect(), connect()]);
      const { received, atLeast } = collect(receiver, pattern);
      const end = collect(receiver, 'end');
      await receiver.flush();
      for (const subject of [...other, ...fitting]) sender.publish(subject, bytes('x'));
      sender.publish('end', bytes(''));
      await end.atLeast(1);
      await atLeast(fitting.length);
      expect(received.filter((line) => line !== 'end ')).toEqual(fitting.map((subject) => `${subject} x`));
      await Promise.all([sender.close(), receiver.close()]);
    });

    test('messages arrive in the order of sending, and at the sender itself, too', async () => {
      const bus = await connect();
      const { received, atLeast } = collect(bus, 'order.*');
      const sent = Array.from({ length: 500 }, (_, index) => `order.${index % 3} ${index}`);
      for (const line of sent) {
        const [subject = '', words = ''] = line.split(' ');
        bus.publish(subject, bytes(words));
      }
      await atLeast(sent.length);
      expect(received).toEqual(sent);
      await bus.close();
    });

    test('a handler is never called from within publish', async () => {
      const bus = await connect();
      const { received, atLeast } = collect(bus, 'later');
      bus.publish('later', bytes('x'));
      expect(received).toEqual([]);
      await atLeast(1);
      await bus.close();
    });

    test('two handlers of one pattern both get the message, and an unsubscribed one gets no more', async () => {
      const bus = await connect();
      const one = collect(bus, 'twice');
      const other = collect(bus, 'twice');
      bus.publish('twice', bytes('1'));
      await Promise.all([one.atLeast(1), other.atLeast(1)]);
      one.unsubscribe();
      bus.publish('twice', bytes('2'));
      await other.atLeast(2);
      expect(one.received).toEqual(['twice 1']);
      await bus.close();
    });

    test('the greatest message passes, and one byte more is refused with a code', async () => {
      const bus = await connect();
      const greatest = new Promise<number>((resolve) =>
        bus.subscribe('big', (message) => resolve(message.data.byteLength)),
      );
      bus.publish('big', new Uint8Array(maxMessageBytes));
      expect(await greatest).toBe(maxMessageBytes);
      expect(() => bus.publish('big', new Uint8Array(maxMessageBytes + 1))).toThrow(
        expect.objectContaining({ code: 'too-large' }),
      );
      await bus.close();
    });

    test('changing the bytes after publish changes nothing that was sent', async () => {
      const bus = await connect();
      const { received, atLeast } = collect(bus, 'copy');
      const data = bytes('before');
      bus.publish('copy', data);
      await bus.flush();
      data.set(bytes('after!'));
      await atLeast(1);
      expect(received).toEqual(['copy before']);
      await bus.close();
    });

    test('after flush another client of the bus has been sent what was published', async () => {
      const [sender, receiver] = await Promise.all([connect(), connect()]);
      const { received } = collect(receiver, 'flushed');
      await receiver.flush();
      sender.publish('flushed', bytes('x'));
      await sender.flush();
      await receiver.flush();
      expect(received).toEqual(['flushed x']);
      await Promise.all([sender.close(), receiver.close()]);
    });

    test('who flushes now and then may send any amount, and nothing is dropped', async () => {
      const [sender, receiver] = await Promise.all([connect(), connect()]);
      const { received, atLeast } = collect(receiver, 'much');
      await receiver.flush();
      const data = new Uint8Array(100_000);
      for (let count = 1; count <= 400; count += 1) {
        sender.publish('much', data);
        if (count % 50 === 0) await sender.flush();
      }
      await atLeast(400);
      expect(received).toHaveLength(400);
      await Promise.all([sender.close(), receiver.close()]);
    });

    test('a closed bus says that it is away, drops what is published and refuses to flush', async () => {
      const bus = await connect();
      const statuses: boolean[] = [];
      bus.onStatus((isConnected) => statuses.push(isConnected));
      expect(bus.isConnected()).toBe(true);
      await bus.close();
      expect(bus.isConnected()).toBe(false);
      expect(statuses).toEqual([false]);
      bus.publish('closed', bytes('x'));
      await expect(bus.flush()).rejects.toMatchObject({ code: 'bus-unavailable' });
      await bus.close();
    });
  });
}
