// The order of releases, and that none of them can stop the others.
import { describe, expect, test } from 'vitest';
import { ReleaseStack } from '../../../shared/runtime/release-stack.ts';

describe('ReleaseStack', () => {
  test('releases in reverse order, one after the other, and only once', async () => {
    const stack = new ReleaseStack();
    const done: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      stack.defer(name, async () => {
        done.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        done.push(`${name} ends`);
      });
    }
    expect(await stack.release()).toEqual([]);
    expect(await stack.release()).toEqual([]);
    expect(done).toEqual(['c begins', 'c ends', 'b begins', 'b ends', 'a begins', 'a ends']);
  });

  test('one that throws, rejects or hangs keeps no other from being released, and is named', async () => {
    const stack = new ReleaseStack();
    const done: string[] = [];
    stack.defer('the first', () => done.push('the first'));
    stack.defer('the thrower', () => {
      throw new Error('no');
    });
    stack.defer('the rejecter', () => Promise.reject(new Error('never')));
    stack.defer('the hanger', () => new Promise(() => {}), 10);
    const errors = await stack.release();
    expect(errors.map((error) => error.message)).toEqual([
      'the hanger was not released: took longer than 10 ms',
      'the rejecter was not released: never',
      'the thrower was not released: no',
    ]);
    expect(done).toEqual(['the first']);
  });

  test('what is deferred after the release is released at once', async () => {
    const stack = new ReleaseStack();
    await stack.release();
    const released = new Promise<void>((resolve) => stack.defer('late', resolve));
    await released;
    expect(await stack.release()).toEqual([]);
  });
});
