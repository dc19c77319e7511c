// Keeps calls that may hang for ever (a statfs of a dead disk cannot be cancelled) from piling up: each has a time limit
// for whoever waits, and a key under which no second call is made until the first has really ended.
import { MortarError } from '../lib/errors.ts';
import type { Clock } from './clock.ts';

export interface OneAtATime {
  /**
   * What `call` resolves to. Throws MortarError('command-timed-out') after `limitMs`, and at once while an earlier call
   * under the same key hangs. `key` reads well in "KEY has not answered".
   */
  run<T>(key: string, limitMs: number, call: () => Promise<T>): Promise<T>;
  /** Whether a call under `key` has not ended yet. */
  isOutstanding(key: string): boolean;
}

/**
 * Keys are paths and names from the configuration and Gluster, so their number is bounded by these. Beyond `maxOutstanding`
 * calls that have not ended, no other is made: for who shares the few threads of the pool with something more important.
 */
export function createOneAtATime(clock: Clock, maxOutstanding = Number.POSITIVE_INFINITY): OneAtATime {
  const beganAt = new Map<string, number>();
  return {
    isOutstanding: (key) => beganAt.has(key),
    run(key, limitMs, call) {
      const earlier = beganAt.get(key);
      if (earlier !== undefined) return Promise.reject(notAnswered(key, clock.now() - earlier));
      if (beganAt.size >= maxOutstanding) return Promise.reject(notAsked(key, beganAt.size));
      beganAt.set(key, clock.now());
      return new Promise((resolve, reject) => {
        const timer = clock.after(limitMs, () => reject(notAnswered(key, limitMs)));
        const end = () => {
          timer.cancel();
          beganAt.delete(key);
        };
        call().then(
          (value) => {
            end();
            resolve(value);
          },
          (error: unknown) => {
            end();
            reject(error);
          },
        );
      });
    },
  };
}

function notAnswered(key: string, forMs: number): MortarError {
  return new MortarError('command-timed-out', `${key} has not answered for ${Math.round(forMs / 1000)} s`);
}

function notAsked(key: string, outstanding: number): MortarError {
  return new MortarError(
    'command-timed-out',
    `${key} was not asked, because ${outstanding} others do not answer`,
  );
}
