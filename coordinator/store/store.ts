// The store as an edge: what survives the coordinator. Every call is synchronous and, once it has returned, durable
// (reports excepted, which are a cache); so nothing is acknowledged to anybody that a crash could take back.
import { type Static, Type } from 'typebox';
import type { ClusterIntent } from '../../shared/model/cluster-intent.ts';
import { PlanId, ServerName, VolumeName } from '../../shared/model/names.ts';
import type { Order, Outcome } from '../../shared/model/order.ts';
import type { PlanRecord } from '../../shared/model/plan.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { Report } from '../../shared/model/report.ts';
import { Nullable, OneOf } from '../../shared/model/schema.ts';
import type { HourOfUse } from '../core/growth/forecast/fold-history.ts';
import type { SubvolumeKey } from '../core/growth/forecast/forecast-subvolume.ts';
import type { HistoryChange, StoredHistory } from './history.ts';

export const journalEvents = [
  'plan-written',
  'approved',
  'order-sent',
  'outcome',
  'step-done',
  'step-failed',
  'plan-ended',
  'policy-set',
  'cluster-set',
  'plan-paused',
  'plan-resumed',
  'decision',
] as const;
export type JournalEvent = (typeof journalEvents)[number];

/** One line of the journal, which is only ever appended to: a plan's story is read from it, not guessed from the record. */
export const JournalEntry = Type.Object({
  /** ms since 1970 on the coordinator's clock. */
  at: Type.Integer({ minimum: 0 }),
  plan: Nullable(PlanId),
  event: OneOf(journalEvents),
  volume: Type.Optional(Nullable(VolumeName)),
  server: Type.Optional(Nullable(ServerName)),
  stepIndex: Type.Optional(Nullable(Type.Integer({ minimum: 0 }))),
  /** One sentence. */
  message: Type.String(),
});
export type JournalEntry = Static<typeof JournalEntry>;

export interface JournalPage {
  /** Oldest first. */
  readonly items: JournalEntry[];
  /** Where the next page starts; null at the end. */
  readonly next: number | null;
}

/**
 * Ended plans that are kept in memory, and read at a start. Cooldowns and daily limits are judged by them, so there must
 * be enough for the longest cooldown, 30 days: some sixty plans a day.
 */
export const endedPlansInMemory = 2_000;

export interface StoredIntents {
  readonly policies: Map<VolumeName, Policy>;
  readonly intent: ClusterIntent;
  /** Every open plan, and the newest of the ended ones. */
  readonly plans: Map<PlanId, PlanRecord>;
  /** Orders of open plans that nothing has come of yet, oldest first: to be published again. */
  readonly outbox: Order[];
  /** What came of the newest order of each step of the open plans, by the order's id. */
  readonly outcomes: Map<string, Outcome>;
}

/** What one activation or one request changes. All of it is saved, or nothing. */
export interface StoreChange {
  readonly plans: readonly PlanRecord[];
  readonly orders: readonly Order[];
  readonly policies: readonly { readonly volume: VolumeName; readonly policy: Policy }[];
  readonly intent?: ClusterIntent;
  readonly journal: readonly JournalEntry[];
}

/** A server's last report, and when it came, in ms since 1970 on the coordinator's clock. */
export interface StoredReport {
  readonly report: Report;
  readonly reportAt: number;
}

/** The key pair that orders are signed with, as PEM. */
export interface StoredKeys {
  readonly privatePem: string;
  readonly publicPem: string;
}

/** Every call throws MortarError('store-unavailable') when the disk or the database fails. */
export interface Store {
  load(): StoredIntents;
  /** The epoch of a coordinator that takes charge now: higher than any given before, and not below `atLeast`. */
  takeEpoch(atLeast: number): number;
  /** One transaction. An order takes the place of an older one for the same step; a plan that ended takes its orders along. */
  save(change: StoreChange): void;
  /** Remembers what came of an order until its plan ends, with its line in the journal, in one transaction. */
  settleOrder(outcome: Outcome, entry: JournalEntry): void;
  /** A plan's story, oldest first, from after the entry `after` on (null: from the start); at most 1000 a page. */
  journal(plan: PlanId, page: { readonly limit: number; readonly after: number | null }): JournalPage;
  /** The keys that orders are signed with: `generate`d once and kept; the public one also lies in coordinator.pub. */
  signingKeys(generate: () => StoredKeys): StoredKeys;
  /** Keeps the last report of each server. A failure is logged and forgotten: agents say it again. */
  saveReports(reports: readonly StoredReport[]): void;
  loadReports(): StoredReport[];
  /** Keeps samples and hours of use. It may be lost with the cache, and the history then begins again. */
  saveHistory(change: HistoryChange): void;
  /** Every subvolume's use from `from` to `now` (ms since 1970), oldest first. */
  loadHistory(from: number, now: number): StoredHistory[];
  /** One subvolume's use from `from` up to before `to`: a day in single samples, a year in hours. */
  usage(key: SubvolumeKey, from: number, to: number): HourOfUse[];
  close(): void;
}
