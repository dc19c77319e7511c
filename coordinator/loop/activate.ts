// The activation: reconcile → save → dispatch. It takes no input; a report, an API call and a timer all just say
// "activate", and signals that come while one is due coalesce into it.
//
// What a crash leaves: before the save, nothing has happened. Between the save and the dispatch, an order stands in the
// outbox that was never sent; the next coordinator has a higher epoch, sees no effect of the step, and orders it anew.

import type { Order } from '../../shared/model/order.ts';
import type { Clock, Timer } from '../../shared/runtime/clock.ts';
import type { Log } from '../../shared/runtime/log.ts';
import { reconcile } from '../core/reconcile.ts';
import type { Reconciliation } from '../core/state.ts';
import type { Store } from '../store/store.ts';
import { journalEntries } from './journal-entries.ts';
import type { LiveState } from './live-state.ts';

/**
 * Rest between two activations, as a multiple of how long the last one took: reconciling may use a fifth of a core
 * at most, however many servers beat. At least 5 ms, so that the beats of one moment share an activation.
 */
const restFactor = 4;
const leastRestMs = 5;

/** Longest time without an activation: what only the passing of time shows (a silent server) is seen by then. */
const longestRestMs = 5_000;

export interface Activation {
  /** Asks for an activation soon; cheap, and many calls make one. */
  activate(): void;
  /** The newest conclusion; null before the first. */
  latest(): Reconciliation | null;
  stop(): void;
}

/** Makes the loop; nothing runs until the first `activate()`. A failed save ends the process through `onFailure`. */
export function createActivation(edges: {
  live: LiveState;
  store: Store;
  clock: Clock;
  log: Log;
  dispatch: (order: Order) => void;
  onFailure: (error: unknown) => void;
}): Activation {
  const { live, store, clock, log } = edges;
  let timer: Timer | null = null;
  let dueAt = Number.POSITIVE_INFINITY;
  let earliestAt = 0;
  let latest: Reconciliation | null = null;
  let isStopped = false;

  function scheduleAt(time: number): void {
    const due = Math.max(time, earliestAt);
    if (isStopped || due >= dueAt) return;
    timer?.cancel();
    dueAt = due;
    timer = clock.after(Math.max(0, due - clock.now()), run);
  }

  function run(): void {
    dueAt = Number.POSITIVE_INFINITY;
    if (isStopped) return;
    try {
      runOnce();
    } catch (error) {
      isStopped = true;
      edges.onFailure(error);
    }
  }

  function runOnce(): void {
    const state = live.view();
    const now = clock.now();
    const reconciliation = reconcile(state, now);
    const entries = journalEntries(state, reconciliation, now);
    if (reconciliation.plans.length > 0 || reconciliation.orders.length > 0) {
      store.save({
        plans: reconciliation.plans,
        orders: reconciliation.orders,
        policies: [],
        journal: entries,
      });
    }
    live.adopt(reconciliation);
    latest = reconciliation;
    for (const entry of entries)
      log.info({ plan: entry.plan, event: entry.event, server: entry.server }, entry.message);
    for (const order of reconciliation.orders) edges.dispatch(order);

    const tookMs = clock.now() - now;
    earliestAt = now + tookMs + Math.max(leastRestMs, tookMs * restFactor);
    const hasChanged = reconciliation.plans.length > 0 || reconciliation.orders.length > 0;
    scheduleAt(
      hasChanged ? now : Math.min(reconciliation.wakeAt ?? Number.POSITIVE_INFINITY, now + longestRestMs),
    );
  }

  return {
    activate: () => scheduleAt(clock.now()),
    latest: () => latest,
    stop() {
      isStopped = true;
      timer?.cancel();
    },
  };
}
