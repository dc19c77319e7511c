// What a daemon has got and must give back, in reverse order. Something that is deferred after the release has begun
// is released at once, so that a start that is cut short by SIGTERM leaves nothing behind.
import { describeError, MortarError } from '../lib/errors.ts';

/** One part gets 5 s of the 10 s that the whole daemon has, so that one that hangs does not starve the rest. */
const defaultLimitMs = 5_000;

type Release = () => unknown;

export class ReleaseStack {
  readonly #entries: Array<{ name: string; release: Release; limitMs: number }> = [];
  #isReleased = false;
  readonly #lateErrors: MortarError[] = [];

  /** Remembers how to give back `name`; `release` may be asynchronous and gets `limitMs` of time. */
  defer(name: string, release: Release, limitMs: number = defaultLimitMs): void {
    const entry = { name, release, limitMs };
    if (!this.#isReleased) this.#entries.push(entry);
    else void releaseOne(entry).then((error) => error && this.#lateErrors.push(error));
  }

  /**
   * Gives everything back, the last first, each within its limit. Returns what went wrong, in that order: one that
   * fails or hangs does not keep the others from being released. A second call finds nothing to do.
   */
  async release(): Promise<MortarError[]> {
    this.#isReleased = true;
    const errors: MortarError[] = [];
    for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) {
      const error = await releaseOne(entry);
      if (error) errors.push(error);
    }
    return [...errors, ...this.#lateErrors.splice(0)];
  }
}

async function releaseOne(entry: {
  name: string;
  release: Release;
  limitMs: number;
}): Promise<MortarError | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new MortarError('internal', `took longer than ${entry.limitMs} ms`)),
      entry.limitMs,
    );
  });
  try {
    await Promise.race([Promise.resolve().then(entry.release), limit]);
    return null;
  } catch (error) {
    return new MortarError('internal', `${entry.name} was not released: ${describeError(error)}`);
  } finally {
    clearTimeout(timer);
  }
}
