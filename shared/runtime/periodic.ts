// Work that is done again and again: never twice at once, and a trigger during a run means one more run after it,
// however many triggers there were. The next run is counted from the start of the last, and a machine that slept for
// an hour gets one run, not the hour's.
import type { Clock, Timer } from './clock.ts';

export interface Periodic {
  /** Runs now, and from then on each period. */
  start(): void;
  /** Runs as soon as possible; the period counts from that run. Does nothing before start and after stop. */
  trigger(): void;
  /** Begins no further run, and resolves when the one under way is over. */
  stop(): Promise<void>;
}

/** `task` each `periodMs`. What it throws goes to `onError`, and the next run comes in its time all the same. */
export function createPeriodic(options: {
  clock: Clock;
  periodMs: number;
  task: () => unknown;
  onError: (error: unknown) => void;
}): Periodic {
  const { clock, periodMs, task, onError } = options;
  let isStarted = false;
  let isTriggered = false;
  let timer: Timer | null = null;
  let running: Promise<void> | null = null;

  function run(): void {
    timer?.cancel();
    timer = null;
    isTriggered = false;
    const startedAt = clock.now();
    running = attempt().then(() => {
      running = null;
      if (!isStarted) return;
      if (isTriggered) run();
      else timer = clock.after(untilNext(startedAt), run);
    });
  }

  async function attempt(): Promise<void> {
    try {
      await task();
    } catch (error) {
      onError(error);
    }
  }

  /** Bounded below for a run that took longer than the period, above for a clock that was set back. */
  function untilNext(startedAt: number): number {
    return Math.min(periodMs, Math.max(0, startedAt + periodMs - clock.now()));
  }

  return {
    start() {
      if (isStarted) return;
      isStarted = true;
      if (running) isTriggered = true;
      else run();
    },
    trigger() {
      if (!isStarted) return;
      if (running) isTriggered = true;
      else run();
    },
    async stop() {
      isStarted = false;
      timer?.cancel();
      timer = null;
      await running;
    },
  };
}
