// When a report goes out: right after something changed, and every 30 s whatever happens. The 30 s are spread by chance, so
// that a thousand agents that were started together do not report together for ever.
import type { Clock, Timer } from '../../shared/runtime/clock.ts';

export interface Reporter {
  /** Starts the periodic reports; the first one goes out now. Resolves when it was published. */
  start(): Promise<void>;
  /** Something changed: reports in 20 ms, or in 200 when a report has just gone out. */
  reportSoon(): void;
  /** Reports within `spreadMs` from now, at a moment chosen by chance; however often it is asked for, once. */
  reportWithin(spreadMs: number): void;
  stop(): void;
}

export interface ReporterEdges {
  clock: Clock;
  /** 0 to 1. */
  random: () => number;
  /** Looks at everything; resolves when all is seen or has failed. */
  lookAtAll: () => Promise<void>;
  /** Makes a report of what was seen last, and publishes it. */
  publish: () => void;
  /** Gets what `publish` threw. */
  onError: (error: unknown) => void;
}

const periodMs = 30_000;
/** Of the period, both ways. */
const jitter = 0.1;
/** What one look sees comes in within some ms, section by section, and belongs into one report. */
const gatherMs = 20;
/** Reports of changes are at least this far apart, so that a storm of changes is no storm of reports. */
const burstMs = 200;
/** glusterd may be silent for 10 s in good health; the periodic report does not wait so long for it. */
const lookLimitMs = 3_000;

/** The reporter; does nothing before `start`. */
export function createReporter(edges: ReporterEdges): Reporter {
  const { clock, random, lookAtAll, publish, onError } = edges;
  let periodic: Timer | null = null;
  let soon: Timer | null = null;
  let asked: Timer | null = null;
  let isRunning = false;
  let publishedAt: number | null = null;

  function publishNow(): void {
    soon?.cancel();
    soon = null;
    publishedAt = clock.now();
    try {
      publish();
    } catch (error) {
      onError(error);
    }
  }

  async function reportAll(): Promise<void> {
    await withinLimit(lookAtAll(), clock);
    if (isRunning) publishNow();
  }

  async function everyPeriod(): Promise<void> {
    periodic = clock.after(periodMs * (1 + jitter * (2 * random() - 1)), () => void everyPeriod());
    await reportAll();
  }

  return {
    start() {
      isRunning = true;
      return everyPeriod();
    },
    reportSoon() {
      // The first report says everything; what is seen before it needs none of its own.
      if (!isRunning || soon || publishedAt === null) return;
      // Bounded above too, for a clock that was set back.
      const waitMs = Math.max(gatherMs, Math.min(burstMs, publishedAt + burstMs - clock.now()));
      soon = clock.after(waitMs, publishNow);
    },
    reportWithin(spreadMs) {
      if (!isRunning || asked) return;
      asked = clock.after(spreadMs * random(), () => {
        asked = null;
        publishNow();
      });
    },
    stop() {
      isRunning = false;
      for (const timer of [periodic, soon, asked]) timer?.cancel();
    },
  };
}

function withinLimit(looks: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(lookLimitMs, resolve);
    looks.finally(() => timer.cancel()).then(resolve, reject);
  });
}
