// Calls that may hang: given up in time, and not made again before they have ended.
import { expect, test } from 'vitest';
import { createOneAtATime } from '../../../shared/runtime/one-at-a-time.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const timedOut = (message: string) => ({ code: 'command-timed-out', message });

test('a call is given up at its limit, and is not made again until it has ended', async () => {
  const clock = createManualClock();
  const oneAtATime = createOneAtATime(clock);
  const gate = Promise.withResolvers<string>();
  const first = expect(oneAtATime.run('the disk', 5_000, () => gate.promise)).rejects.toMatchObject(
    timedOut('the disk has not answered for 5 s'),
  );
  await clock.advance(5_000);
  await first;
  await clock.advance(2_000);
  let calls = 0;
  const again = () => oneAtATime.run('the disk', 5_000, async () => (calls += 1));
  await expect(again()).rejects.toMatchObject(timedOut('the disk has not answered for 7 s'));
  expect([calls, oneAtATime.isOutstanding('the disk')]).toEqual([0, true]);
  gate.resolve('at last');
  await clock.advance(0);
  expect(await again()).toBe(1);
  expect(clock.pending()).toBe(0);
});

test('a call that fails has ended', async () => {
  const oneAtATime = createOneAtATime(createManualClock());
  await expect(oneAtATime.run('a', 1_000, () => Promise.reject(new Error('EIO')))).rejects.toThrow('EIO');
  expect(await oneAtATime.run('a', 1_000, async () => 'seen')).toBe('seen');
});

test('with as many outstanding as there may be, no other call is made', async () => {
  const oneAtATime = createOneAtATime(createManualClock(), 2);
  const gate = Promise.withResolvers<string>();
  const both = [
    oneAtATime.run('a', 1_000, () => gate.promise),
    oneAtATime.run('b', 1_000, () => gate.promise),
  ];
  let calls = 0;
  const third = () => oneAtATime.run('c', 1_000, async () => (calls += 1));
  await expect(third()).rejects.toMatchObject(timedOut('c was not asked, because 2 others do not answer'));
  expect(calls).toBe(0);
  gate.resolve('seen');
  await Promise.all(both);
  expect(await third()).toBe(1);
});
