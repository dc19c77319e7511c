// A clock that stands still until a test moves it. Timers fire in the order of their times, and between two of them
// everything that waits for a promise gets its turn.
import type { Clock } from '../../shared/runtime/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on by `ms`, and fires on the way what was due. */
  advance(ms: number): Promise<void>;
  /** Sets the time as an operator or NTP would: timers keep their remaining delay. */
  set(now: number): void;
  /** How many timers wait. */
  pending(): number;
}

/** A clock at `startMs` (ms since 1970). */
export function createManualClock(startMs = 1_700_000_000_000): ManualClock {
  let now = startMs;
  /** Grows with `now` but is not set back, like the kernel's monotonic clock. */
  let elapsedMs = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const nextUntil = (limit: number) =>
    [...timers].filter((timer) => timer.at <= limit).sort((one, other) => one.at - other.at)[0];
  const moveTo = (target: number) => {
    now += target - elapsedMs;
    elapsedMs = target;
  };
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: elapsedMs + Math.max(0, delayMs), callback };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    async advance(ms) {
      const limit = elapsedMs + ms;
      await settle();
      for (let timer = nextUntil(limit); timer; timer = nextUntil(limit)) {
        timers.delete(timer);
        moveTo(timer.at);
        timer.callback();
        await settle();
      }
      moveTo(limit);
    },
    set(time) {
      now = time;
    },
    pending: () => timers.size,
  };
}
