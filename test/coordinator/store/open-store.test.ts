// The store on real files: what it refuses to open and what it says then, and what its calls promise.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../coordinator/store/open-store.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import { describeError, MortarError } from '../../../shared/lib/errors.ts';
import { generateSigningKeys } from '../../../shared/protocol/signing.ts';
import {
  change,
  inStateDirectory,
  planId,
  policy,
  recordingLog,
  sampleEntry,
  sampleOrder,
  sampleOutcome,
  samplePlan,
  sampleReport,
  volume,
} from './samples.ts';

const { log } = recordingLog();
const everything = { limit: 1000, after: null };

describe('opening', () => {
  test('makes the state directory, and only its owner can read what lies in it', () => {
    inStateDirectory((directory) => {
      openStore({ directory, log }).close();
      expect(statSync(directory).mode & 0o777).toBe(0o700);
      expect(statSync(join(directory, 'intents.db')).mode & 0o777).toBe(0o600);
    });
  });

  test('a second opener is told that only one coordinator may run there', () => {
    inStateDirectory((directory) => {
      const first = openStore({ directory, log });
      expect(refusalOf(directory)).toMatch(/intents\.db is in use by another process.*stop the other one/);
      first.close();
      openStore({ directory, log }).close();
    });
  });

  const damages: [name: string, damage: (path: string) => void, message: RegExp][] = [
    [
      'is not a database',
      (path) => writeFileSync(path, 'x'.repeat(8192)),
      /intents\.db is damaged: restore it/,
    ],
    ['was cut short', (path) => truncateSync(path, 8192), /intents\.db is damaged: restore it/],
    ['has a page overwritten', overwriteSecondPage, /intents\.db is damaged: restore it/],
    [
      'was emptied',
      (path) => truncateSync(path, 0),
      /intents\.db is missing or empty, but .*coordinator\.pub/,
    ],
    ['was removed', (path) => rmSync(path), /intents\.db is missing or empty, but .*coordinator\.pub/],
    ['is of a newer Mortar', makeNewer, /intents\.db was written by a newer Mortar/],
  ];
  test.each(damages)('an intents.db that %s is an error with the way forward', (_, damage, message) => {
    inStateDirectory((directory) => {
      fill(directory);
      damage(join(directory, 'intents.db'));
      expect(refusalOf(directory)).toMatch(message);
      // Refused again: the first try has not begun anything anew.
      expect(refusalOf(directory)).toMatch(message);
    });
  });

  test.each([
    ['is not a database', (path: string) => writeFileSync(path, 'x'.repeat(8192))],
    ['is of a newer Mortar', makeNewer],
  ])('a cache.db that %s is moved aside and begun anew, and that is logged', (_, damage) => {
    inStateDirectory((directory) => {
      fill(directory);
      damage(join(directory, 'cache.db'));
      const { log, sentences } = recordingLog();
      const store = openStore({ directory, log });
      expect(sentences).toEqual(['the report cache was not usable; it is begun anew']);
      expect(existsSync(join(directory, 'cache.db.damaged'))).toBe(true);
      expect(store.loadReports()).toEqual([]);
      expect(store.load().policies.size).toBe(1);
      store.close();
    });
  });

  test('a cache.db that was deleted is nothing to talk about', () => {
    inStateDirectory((directory) => {
      fill(directory);
      rmSync(join(directory, 'cache.db'));
      const { log, sentences } = recordingLog();
      const store = openStore({ directory, log });
      expect([store.loadReports(), sentences]).toEqual([[], []]);
      store.close();
    });
  });

  test('a plan that does not fit its schema is an error that names it', () => {
    inStateDirectory((directory) => {
      fill(directory);
      onDatabase(join(directory, 'intents.db'), (database) =>
        database.exec(`UPDATE plans SET record = '{"plan":1}'`),
      );
      const store = openStore({ directory, log });
      expect(() => store.load()).toThrow(
        /plan grow-vol1-000001 in intents\.db does not fit this version of Mortar/,
      );
      store.close();
    });
  });

  test('a state directory that cannot be made is an error that names it', () => {
    inStateDirectory((directory) => {
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, 'file'), '');
      expect(refusalOf(join(directory, 'file', 'state'))).toMatch(
        /the state directory .*file\/state cannot be made/,
      );
    });
  });
});

describe('the outbox', () => {
  test('holds an order until something has come of it', () => {
    const store = openStore({ directory: ':memory:', log });
    const order = sampleOrder(1, 1);
    store.save(change({ plans: [samplePlan(1, 'running')], orders: [order] }));
    expect(store.load()).toMatchObject({ outbox: [order], outcomes: new Map() });
    store.settleOrder(sampleOutcome(order), sampleEntry(1, 7));
    expect(store.load()).toMatchObject({ outbox: [], outcomes: new Map([[order.id, sampleOutcome(order)]]) });
  });

  test('holds the newest order of a step only, and none of a plan that ended', () => {
    const store = openStore({ directory: ':memory:', log });
    store.save(change({ plans: [samplePlan(1, 'running')], orders: [sampleOrder(1, 1)] }));
    store.save(change({ orders: [sampleOrder(1, 2)] }));
    expect(store.load().outbox).toEqual([sampleOrder(1, 2)]);
    store.save(change({ plans: [samplePlan(1, 'failed')] }));
    expect(store.load().outbox).toEqual([]);
  });

  test('does not mind an outcome of an order that it does not know', () => {
    const store = openStore({ directory: ':memory:', log });
    store.settleOrder(sampleOutcome(sampleOrder(1, 1)), sampleEntry(1, 7));
    expect(store.load().outcomes.size).toBe(0);
  });
});

describe('plans', () => {
  test('every open plan is loaded, and the newest 2,000 of the others', () => {
    const store = openStore({ directory: ':memory:', log });
    const ended = Array.from({ length: 2100 }, (_, index) => samplePlan(index + 10, 'done'));
    store.save(change({ plans: [samplePlan(1, 'proposed'), samplePlan(2, 'running'), ...ended] }));
    const { plans } = store.load();
    expect(plans.size).toBe(2002);
    expect([plans.has(planId(1)), plans.has(planId(2))]).toEqual([true, true]);
    expect([plans.has(planId(109)), plans.has(planId(110)), plans.has(planId(2109))]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('a plan cannot be saved again with other steps, and the whole change is refused with it', () => {
    const store = openStore({ directory: ':memory:', log });
    store.save(change({ plans: [samplePlan(1, 'proposed')] }));
    const other = samplePlan(1, 'running');
    const changed = { ...other, plan: { ...other.plan, hash: 'f'.repeat(64) } };
    expect(() => store.save(change({ plans: [changed], policies: [{ volume, policy }] }))).toThrow(
      /a plan never changes/,
    );
    expect(() => store.save(change({ policies: [{ volume, policy }], plans: [changed] }))).toThrow();
    expect(store.load().policies.size).toBe(0);
    expect(store.load().plans.get(planId(1))?.status).toBe('proposed');
  });
});

describe('the rest', () => {
  test('epochs grow by one, and jump to what is asked for at least', () => {
    const store = openStore({ directory: ':memory:', log });
    expect([store.takeEpoch(0), store.takeEpoch(0), store.takeEpoch(40), store.takeEpoch(7)]).toEqual([
      1, 2, 40, 41,
    ]);
  });

  test('the journal of a plan is read in pages, oldest first', () => {
    const store = openStore({ directory: ':memory:', log });
    const entries = [1, 2, 3, 4, 5].map((at) => sampleEntry(1, at));
    store.save(change({ journal: [...entries, sampleEntry(2, 9)] }));
    const first = store.journal(planId(1), { limit: 3, after: null });
    const second = store.journal(planId(1), { limit: 3, after: first.next });
    expect([first, second].map((page) => page.items.map((entry) => entry.at))).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(first.items[0]).toEqual({ ...entries[0], volume: null });
    expect([typeof first.next, second.next]).toEqual(['number', null]);
  });

  test('the signing key stays the same, and its public half is put back when it is gone', () => {
    inStateDirectory((directory) => {
      const keys = fill(directory);
      rmSync(join(directory, 'coordinator.pub'));
      const store = openStore({ directory, log });
      expect(store.signingKeys(generateSigningKeys)).toEqual(keys);
      expect(readFileSync(join(directory, 'coordinator.pub'), 'utf8')).toBe(keys.publicPem);
      store.close();
    });
  });

  test('the last report of each server is kept', () => {
    const store = openStore({ directory: ':memory:', log });
    store.saveReports([{ report: sampleReport('gluster1'), reportAt: 1 }]);
    store.saveReports([1, 2].map((at) => ({ report: sampleReport(`gluster${at}`), reportAt: at + 10 })));
    expect(store.loadReports()).toEqual([
      { report: sampleReport('gluster1'), reportAt: 11 },
      { report: sampleReport('gluster2'), reportAt: 12 },
    ]);
  });
});

function fill(directory: string): ReturnType<Store['signingKeys']> {
  const store = openStore({ directory, log });
  const keys = store.signingKeys(generateSigningKeys);
  const journal = Array.from({ length: 500 }, (_, at) => sampleEntry(1, at));
  store.save(change({ plans: [samplePlan(1, 'proposed')], policies: [{ volume, policy }], journal }));
  expect(store.journal(planId(1), everything).items).toHaveLength(500);
  store.saveReports([{ report: sampleReport('gluster1'), reportAt: 1 }]);
  store.close();
  return keys;
}

function refusalOf(directory: string): string {
  try {
    openStore({ directory, log }).close();
  } catch (error) {
    expect(error).toBeInstanceOf(MortarError);
    expect(error).toMatchObject({ code: 'store-unavailable' });
    return describeError(error);
  }
  return expect.fail('the store was opened');
}

function onDatabase(path: string, work: (database: Database.Database) => void): void {
  const database = new Database(path);
  work(database);
  database.close();
}

function makeNewer(path: string): void {
  onDatabase(path, (database) => database.pragma('user_version = 99'));
}

function overwriteSecondPage(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0xff, 4096, 3 * 4096);
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
}
