// One at a time, in order, with a limit.
import { expect, test } from 'vitest';
import { createTurns } from '../../../../agent/privileged/orders/turns.ts';

test('work runs one at a time and in the order it was asked for, also after a failure', async () => {
  const turns = createTurns(10);
  const events: string[] = [];
  const work = (name: string, fails: boolean) => async () => {
    events.push(`${name} begins`);
    await Promise.resolve();
    events.push(`${name} ends`);
    if (fails) throw new Error(name);
    return name;
  };
  const results = await Promise.allSettled([
    turns.take(work('a', false)),
    turns.take(work('b', true)),
    turns.take(work('c', false)),
  ]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('above the limit there is no turn, and one is free again when one has ended', async () => {
  const turns = createTurns(2);
  const gate = Promise.withResolvers<void>();
  const first = turns.take(() => gate.promise);
  const second = turns.take(async () => 'second');
  expect(turns.take(async () => 'third')).toBeNull();
  gate.resolve();
  await Promise.all([first, second]);
  await turns.idle();
  expect(await turns.take(async () => 'fourth')).toBe('fourth');
});

test('idle waits for all that was taken', async () => {
  const turns = createTurns(2);
  const events: string[] = [];
  void turns.take(async () => events.push('one'));
  void turns.take(async () => events.push('two'));
  await turns.idle();
  expect(events).toEqual(['one', 'two']);
});
