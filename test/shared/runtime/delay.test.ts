// Waits that end early, and that leave nothing behind: a bus waits like this every few seconds for years.
import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { delay, settlesWithin } from '../../../shared/runtime/delay.ts';

const forever = 1_000_000;

describe('delay', () => {
  test('ends when its signal aborts, at once when that has happened, and forgets the signal', async () => {
    const abort = new AbortController();
    const waits = [delay(forever, abort.signal), delay(1, abort.signal)];
    await waits[1];
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    abort.abort();
    await Promise.all(waits);
    await delay(forever, abort.signal);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });
});

describe('settlesWithin', () => {
  const never = new Promise<string>(() => {});
  test('gives the value, and nothing for what fails or takes too long', async () => {
    expect(await settlesWithin(Promise.resolve('x'), forever)).toBe('x');
    expect(await settlesWithin(Promise.reject(new Error('no')), forever)).toBeUndefined();
    expect(await settlesWithin(never, 1)).toBeUndefined();
  });

  test('ends when its signal aborts, and forgets the signal', async () => {
    const abort = new AbortController();
    await settlesWithin(Promise.resolve('x'), forever, abort.signal);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
    const waiting = settlesWithin(never, forever, abort.signal);
    abort.abort();
    expect(await waiting).toBeUndefined();
    expect(await settlesWithin(never, forever, abort.signal)).toBeUndefined();
  });
});
