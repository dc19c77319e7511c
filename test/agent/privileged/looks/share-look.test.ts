// One look for all who ask, and none beside one that hangs.
import { expect, test } from 'vitest';
import { shareLook } from '../../../../agent/privileged/looks/share-look.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

function hangable() {
  const clock = createManualClock();
  const looks: PromiseWithResolvers<string>[] = [];
  const look = shareLook(
    'bricks',
    () => {
      const each = Promise.withResolvers<string>();
      looks.push(each);
      return each.promise;
    },
    clock,
  );
  return { clock, looks, look };
}

test('who asks while a look is under way shares it, and who asks after it gets a new one', async () => {
  const { clock, looks, look } = hangable();
  const both = [look(), look()];
  looks[0]?.resolve('first');
  expect(await Promise.all(both)).toEqual(['first', 'first']);
  const next = look();
  looks[1]?.resolve('second');
  expect(await next).toBe('second');
  expect([looks.length, clock.pending()]).toEqual([2, 0]);
});

test('a look that fails is told to all, and the next one is a new one', async () => {
  const { looks, look } = hangable();
  const both = [look(), look()];
  looks[0]?.reject(new Error('no store'));
  await expect(both[0]).rejects.toThrow('no store');
  await expect(both[1]).rejects.toThrow('no store');
  const next = look();
  looks[1]?.resolve('seen');
  expect(await next).toBe('seen');
});

test('a look that hangs is given up after 28 s, no other is begun beside it, and its late answer is nobody’s', async () => {
  const { clock, looks, look } = hangable();
  const first = expect(look()).rejects.toMatchObject({
    code: 'command-timed-out',
    message: 'the look at bricks has not ended within 28 s',
  });
  await clock.advance(28_000);
  await first;
  await expect(look()).rejects.toMatchObject({ code: 'command-timed-out' });
  expect(looks).toHaveLength(1);

  looks[0]?.resolve('long past');
  await clock.advance(0);
  const next = look();
  looks[1]?.resolve('fresh');
  expect(await next).toBe('fresh');
});
