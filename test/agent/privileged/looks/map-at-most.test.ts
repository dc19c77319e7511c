// A few at a time, all of them, in order.
import { expect, test } from 'vitest';
import { mapAtMost } from '../../../../agent/privileged/looks/map-at-most.ts';

test('no more than the limit are under way, and the results come in the order of the items', async () => {
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = mapAtMost(4, gates, async (gate) => {
    const index = gates.indexOf(gate);
    begun.push(index);
    await gate.promise;
    return index;
  });
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const gate of gates.toReversed()) gate.resolve();
  expect(await all).toEqual([0, 1, 2, 3, 4, 5]);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
});

test('nothing to do is done, and an error is thrown', async () => {
  expect(await mapAtMost(4, [], async () => 1)).toEqual([]);
  const fails = mapAtMost(2, [1, 2, 3], async (item) => {
    if (item === 2) throw new Error('two');
    return item;
  });
  await expect(fails).rejects.toThrow('two');
});
