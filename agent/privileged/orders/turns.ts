// One at a time, first come first served, with a limit to how many may wait. glusterd's own lock does not queue, and
// two changes at once on one server are never wanted.

export interface Turns {
  /** Runs `work` when all that came before has ended; null when too many wait already. */
  take<T>(work: () => Promise<T>): Promise<T> | null;
  /** Resolves when nothing runs or waits any more. */
  idle(): Promise<void>;
}

/** Turns of which at most `limit` may run or wait. */
export function createTurns(limit: number): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let taken = 0;
  return {
    take(work) {
      if (taken >= limit) return null;
      taken += 1;
      const turn = last.then(work).finally(() => {
        taken -= 1;
      });
      // The next turn does not care how this one ended; its own caller does.
      last = turn.then(
        () => undefined,
        () => undefined,
      );
      return turn;
    },
    async idle() {
      while (taken > 0) await last;
    },
  };
}
