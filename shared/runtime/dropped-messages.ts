// What became of messages that were not understood: counted for each sender, logged once for each, and forgotten. A sender
// that floods the bus with garbage must fill neither the log nor the memory.
import type { Log } from './log.ts';

export interface DroppedSender {
  sender: string;
  count: number;
  /** What was wrong with the newest one, in one sentence. */
  problem: string;
  /** When the newest one came, ms since 1970. */
  droppedAt: number;
}

export interface DroppedMessages {
  /** Counts a message of `sender` (its subject: NATS names no sender) that was dropped because of `problem`. */
  drop(sender: string, problem: string): void;
  /** Every sender of whom something was dropped. */
  senders(): DroppedSender[];
  /** All that were dropped. */
  total(): number;
}

/** Above any pool; a subject that only a flood makes up is not worth memory. */
const maxSenders = 1_000;
/** The entry of all senders above that. */
const everyoneElse = '(everyone else)';

/** Counts from zero; `now` dates what is dropped. */
export function createDroppedMessages(log: Log, now: () => number): DroppedMessages {
  const senders = new Map<string, DroppedSender>();
  let total = 0;
  return {
    drop(sender, problem) {
      total += 1;
      const key = senders.has(sender) || senders.size < maxSenders ? sender : everyoneElse;
      const known = senders.get(key);
      if (!known)
        log.warn({ sender: key, problem }, 'dropped a message; more of this sender are only counted');
      senders.set(key, { sender: key, count: (known?.count ?? 0) + 1, problem, droppedAt: now() });
    },
    senders: () => [...senders.values()],
    total: () => total,
  };
}
