// One look of a kind at a time, however often it is asked for. What hangs on a dead disk cannot be cancelled, and a second
// look would hang on the same disk with threads of its own, until none is left for an order.
import { MortarError } from '../../../shared/lib/errors.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';

/** A little less than the agent waits, so that it is told why. */
const lookLimitMs = 28_000;

/**
 * `look`, shared by all who ask while it is under way. Throws MortarError('command-timed-out') 28 s after it began, and at
 * once to who asks later, until it has ended: what it sees by then may be long past, and is nobody's answer.
 */
export function shareLook<T>(name: string, look: () => Promise<T>, clock: Clock): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  return () => {
    underWay ??= withinLimit(name, look(), clock, () => {
      underWay = null;
    });
    return underWay;
  };
}

/** Calls `onEnd` when `look` has ended, which may be long after the limit. */
function withinLimit<T>(name: string, look: Promise<T>, clock: Clock, onEnd: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(lookLimitMs, () =>
      reject(
        new MortarError(
          'command-timed-out',
          `the look at ${name} has not ended within ${lookLimitMs / 1000} s`,
        ),
      ),
    );
    look
      .finally(() => {
        timer.cancel();
        onEnd();
      })
      .then(resolve, reject);
  });
}
