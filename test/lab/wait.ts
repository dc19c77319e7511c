// Waiting for something that gives no signal: the kernel's and systemd's states are looked at again and again.
import { setTimeout as delay } from 'node:timers/promises';
import { MortarError } from '../../shared/lib/errors.ts';

/** Between two looks: short against a server's boot (1 s), long against one look (a few ms). */
const betweenLooksMs = 20;

/** Resolves with what `look` gives once that is neither null nor false; throws `command-timed-out`, naming `what`, after `timeoutMs`. */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | null | false> | T | null | false,
): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) return seen;
    if (performance.now() > endMs) {
      throw new MortarError('command-timed-out', `waited ${timeoutMs} ms in vain for ${what}`);
    }
    await delay(betweenLooksMs);
  }
}

/** The same, blocking, for teardown; true once `look` is true, false after `timeoutMs`. */
export function waitUntilSync(look: () => boolean, timeoutMs: number): boolean {
  const endMs = performance.now() + timeoutMs;
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  while (!look()) {
    if (performance.now() > endMs) return false;
    Atomics.wait(nobody, 0, 0, betweenLooksMs);
  }
  return true;
}
