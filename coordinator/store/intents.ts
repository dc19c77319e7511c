// intents.db: what people asked for and what Mortar promised. It is the one thing that cannot be seen on the servers,
// so every write is synced before it is acknowledged, and a damaged file stops the coordinator instead of starting empty.
import type { Database } from 'better-sqlite3';
import { assert } from '../../shared/lib/assert.ts';
import { ClusterIntent, defaultClusterIntent } from '../../shared/model/cluster-intent.ts';
import type { PlanId, VolumeName } from '../../shared/model/names.ts';
import { Order, Outcome } from '../../shared/model/order.ts';
import { PlanRecord } from '../../shared/model/plan.ts';
import { completePolicy, Policy } from '../../shared/model/policy.ts';
import type { Journal } from './journal.ts';
import { endedPlansInMemory, type JournalEntry, type StoreChange, type StoredIntents } from './store.ts';
import { readerOf } from './stored-json.ts';

/** How many ended plans are kept at all: years of growths, and some 100 MB at worst. */
const keptEndedPlans = 10_000;
/** More volumes than a pool has (glusterd itself is slow far below this). */
const maxPolicies = 10_000;

const readPlan = readerOf(PlanRecord);
const readPolicy = readerOf(Policy, completePolicy);
const readIntent = readerOf(ClusterIntent, (stored) => completePolicy(stored, defaultClusterIntent));
const readOrder = readerOf(Order);
const readOutcome = readerOf(Outcome);

export interface Intents {
  load(): StoredIntents;
  takeEpoch(atLeast: number): number;
  save(change: StoreChange): void;
  settleOrder(outcome: Outcome, entry: JournalEntry): void;
  /** The value under `key`, which `make` gives the first time. */
  once(key: string, make: () => string): string;
}

/** What is kept in `database`, with `journal` in the same transactions. */
export function intentsIn(database: Database, journal: Journal): Intents {
  const sql = prepareStatements(database);

  function writePlan(record: PlanRecord): void {
    const { plan, status } = record;
    const isOpen = status === 'proposed' || status === 'running' || status === 'paused';
    const { changes } = sql.putPlan.run({
      id: plan.id,
      hash: plan.hash,
      writtenAt: plan.writtenAt,
      isOpen: isOpen ? 1 : 0,
      record: JSON.stringify(record),
    });
    assert(changes === 1, `plan ${plan.id} was written before with other steps, and a plan never changes`);
    if (!isOpen) sql.dropOrdersOf.run(plan.id);
  }

  function writeOrder(order: Order): void {
    sql.dropOrderOfStep.run(order.plan, order.stepIndex, order.id);
    sql.putOrder.run(order.id, order.plan, order.stepIndex, JSON.stringify(order));
  }

  const saveAll = database.transaction((change: StoreChange) => {
    for (const order of change.orders) writeOrder(order);
    for (const record of change.plans) writePlan(record);
    for (const { volume, policy } of change.policies) sql.putPolicy.run(volume, JSON.stringify(policy));
    if (change.intent !== undefined) sql.putIntent.run(JSON.stringify(change.intent));
    journal.append(change.journal);
    if (change.plans.length > 0) sql.prunePlans.run();
  });

  const takeEpoch = database.transaction((atLeast: number): number => {
    const epoch = Math.max(Number(sql.getMeta.get('epoch')?.value ?? 0) + 1, atLeast);
    sql.putMeta.run('epoch', String(epoch));
    return epoch;
  });

  const settleOrder = database.transaction((outcome: Outcome, entry: JournalEntry): void => {
    sql.settleOrder.run(JSON.stringify(outcome), outcome.orderId);
    journal.append([entry]);
  });

  const once = database.transaction((key: string, make: () => string): string => {
    const known = sql.getMeta.get(key)?.value;
    if (known !== undefined) return known;
    const value = make();
    sql.putMeta.run(key, value);
    return value;
  });

  return {
    load: () => loadAll(sql),
    takeEpoch: (atLeast) => takeEpoch.immediate(atLeast),
    // A commit costs a sync of the disk, which most activations of a quiet cluster have no use for.
    save: (change) => (isEmpty(change) ? undefined : saveAll.immediate(change)),
    settleOrder: (outcome, entry) => settleOrder.immediate(outcome, entry),
    once: (key, make) => once.immediate(key, make),
  };
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(database: Database) {
  return {
    getMeta: database.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?'),
    putMeta: database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)'),
    getPolicies: database.prepare<[], { volume: VolumeName; policy: string }>(
      `SELECT volume, policy FROM policies ORDER BY volume LIMIT ${maxPolicies}`,
    ),
    putPolicy: database.prepare('INSERT OR REPLACE INTO policies (volume, policy) VALUES (?, ?)'),
    getIntent: database.prepare<[], { intent: string }>('SELECT intent FROM cluster WHERE id = 1'),
    putIntent: database.prepare('INSERT OR REPLACE INTO cluster (id, intent) VALUES (1, ?)'),
    getPlans: database.prepare<[], { id: PlanId; record: string }>(
      `SELECT id, record FROM plans WHERE is_open = 1
       UNION ALL
       SELECT id, record FROM (SELECT id, record FROM plans WHERE is_open = 0
                               ORDER BY written_at DESC, id DESC LIMIT ${endedPlansInMemory})`,
    ),
    putPlan: database.prepare(
      `INSERT INTO plans (id, hash, written_at, is_open, record) VALUES (@id, @hash, @writtenAt, @isOpen, @record)
       ON CONFLICT (id) DO UPDATE SET is_open = excluded.is_open, record = excluded.record
       WHERE hash = excluded.hash`,
    ),
    prunePlans: database.prepare(
      `DELETE FROM plans WHERE id IN (SELECT id FROM plans WHERE is_open = 0
       ORDER BY written_at DESC, id DESC LIMIT -1 OFFSET ${keptEndedPlans})`,
    ),
    getOrders: database.prepare<[], { id: string; body: string; outcome: string | null }>(
      'SELECT id, body, outcome FROM orders ORDER BY sequence',
    ),
    putOrder: database.prepare(
      'INSERT INTO orders (id, plan, step_index, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    ),
    dropOrderOfStep: database.prepare('DELETE FROM orders WHERE plan = ? AND step_index = ? AND id <> ?'),
    dropOrdersOf: database.prepare('DELETE FROM orders WHERE plan = ?'),
    settleOrder: database.prepare('UPDATE orders SET outcome = ? WHERE id = ?'),
  };
}

function loadAll(sql: Statements): StoredIntents {
  const outbox: Order[] = [];
  const outcomes = new Map<string, Outcome>();
  // At most one row for each step of each open plan, so there is nothing to limit here.
  for (const { id, body, outcome } of sql.getOrders.all()) {
    if (outcome === null) outbox.push(readOrder(body, `order ${id} in intents.db`));
    else outcomes.set(id, readOutcome(outcome, `outcome of order ${id} in intents.db`));
  }
  const intent = sql.getIntent.get()?.intent;
  return {
    intent: intent === undefined ? defaultClusterIntent : readIntent(intent, 'the cluster in intents.db'),
    policies: new Map(
      sql.getPolicies
        .all()
        .map((row) => [row.volume, readPolicy(row.policy, `policy of ${row.volume} in intents.db`)]),
    ),
    plans: new Map(
      sql.getPlans.all().map((row) => [row.id, readPlan(row.record, `plan ${row.id} in intents.db`)]),
    ),
    outbox,
    outcomes,
  };
}

function isEmpty(change: StoreChange): boolean {
  if (change.intent !== undefined) return false;
  return change.plans.length + change.orders.length + change.policies.length + change.journal.length === 0;
}
