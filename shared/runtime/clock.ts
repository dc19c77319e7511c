// Time as an edge: whoever waits or dates something takes a Clock, so that a simulation can pass its own.

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Calls `callback` once after `delayMs`; the returned timer can be cancelled, also after it fired. */
  after(delayMs: number, callback: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timeout = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timeout) };
  },
};
