// Waiting that can be cut short. It keeps the process alive while it waits, and it never rejects: who aborts a wait
// wants it over, not an exception.

/** Resolves after `delayMs`, or as soon as `signal` aborts. */
export function delay(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/**
 * The value of `promise`, or undefined when it fails, is not there within `limitMs`, or `signal` aborts first. For edges
 * where only the end matters; the work behind `promise` goes on.
 */
export async function settlesWithin<T>(
  promise: Promise<T>,
  limitMs: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const limit = new AbortController();
  const abort = () => limit.abort();
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  const settled = promise.catch(() => undefined);
  const value = await Promise.race([settled, delay(limitMs, limit.signal).then(() => undefined)]);
  signal?.removeEventListener('abort', abort);
  limit.abort();
  return value;
}
