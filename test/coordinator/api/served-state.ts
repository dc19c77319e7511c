// The API over the real loop and a store in memory, on a State that a test describes; time stands still unless moved. So
// what an answer says is what the whole coordinator would say of that cluster.
import { buildApi } from '../../../coordinator/api/build-api.ts';
import type { Api } from '../../../coordinator/api/typed-instance.ts';
import type { State } from '../../../coordinator/core/state.ts';
import { createActivation } from '../../../coordinator/loop/activate.ts';
import { createCoordination } from '../../../coordinator/loop/create-coordination.ts';
import { createLiveState } from '../../../coordinator/loop/live-state.ts';
import { openStore } from '../../../coordinator/store/open-store.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import type { PlanId } from '../../../shared/model/names.ts';
import type { Order } from '../../../shared/model/order.ts';
import { morning } from '../../support/cluster-builder.ts';
import { type LogRecord, recordLog } from '../../support/log-recorder.ts';
import { createManualClock } from '../../support/manual-clock.ts';

export interface ServedState {
  readonly api: Api;
  readonly store: Store;
  /** Orders that the loop would have sent. */
  readonly orders: Order[];
  readonly log: LogRecord[];
  /** Lets the loop take notice of what was changed. */
  settle(): Promise<void>;
  setConnected(isConnected: boolean): void;
}

/** The API over `state`, in which every server was heard as long ago as it says, counted from `morning`. */
export async function serveState(state: State, options: { isActive?: boolean } = {}): Promise<ServedState> {
  const { log, records } = recordLog();
  const clock = createManualClock(morning);
  const store = openStore({ directory: ':memory:', log });
  const plans = new Map(state.plans);
  store.save({ plans: [...plans.values()], orders: [], policies: [], journal: [] });
  const live = createLiveState({
    ...state,
    plans,
    reports: [],
    histories: () => state.histories,
    dropped: () => state.dropped,
  });
  for (const server of state.servers.values()) {
    live.takeReport(server.report, server.reportAt);
    if (server.beat !== null && server.beatAt !== null) live.takeBeat(server.beat, server.beatAt);
  }

  const orders: Order[] = [];
  let isConnected = true;
  const activation = createActivation({
    live,
    store,
    clock,
    log,
    dispatch: (order) => void orders.push(order),
    onFailure(error) {
      throw error;
    },
  });
  const coordination = createCoordination({ live, store, clock, activation, isConnected: () => isConnected });
  const served: ServedState = {
    api: buildApi({ coordination, log }),
    store,
    orders,
    log: records,
    async settle() {
      activation.activate();
      await clock.advance(50);
    },
    setConnected(value) {
      isConnected = value;
    },
  };
  if (options.isActive !== false) await served.settle();
  return served;
}

/** What an API that changed nothing has in its store. */
export function stored(store: Store): { policies: unknown; plans: PlanId[]; statuses: string[] } {
  const { policies, plans } = store.load();
  return {
    policies: [...policies],
    plans: [...plans.keys()],
    statuses: [...plans.values()].map((record) => record.status),
  };
}
