// Clears a lab when its process ends, however it ends but by SIGKILL. Everything here blocks, as an exit handler must.
import { clearLab } from './clear-lab.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const names = new Set<string>();

/** Sees to it that the lab of this name is cleared when this process ends. */
export function clearAtExit(name: string): void {
  if (names.size === 0) {
    process.on('exit', clearAll);
    for (const signal of signals) process.on(signal, endBySignal);
  }
  names.add(name);
}

/** Takes that back: the lab is cleared already. */
export function forgetAtExit(name: string): void {
  names.delete(name);
  if (names.size > 0) return;
  process.off('exit', clearAll);
  for (const signal of signals) process.off(signal, endBySignal);
}

/** A program with a handler of its own decides when to end (and then `exit` comes); otherwise the signal ends it, as it would have. */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  clearAll();
  process.off(signal, endBySignal);
  process.kill(process.pid, signal);
}

function clearAll(): void {
  for (const name of names) clearLab(name);
  names.clear();
}
