// cache.db: the history (history.ts) and the last report of each server, so that a coordinator that starts knows the cluster before the first agent
// speaks. It may be deleted at any time, so a damaged one is set aside and a failed write is only logged.
import { existsSync, renameSync, rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { describeError, MortarError } from '../../shared/lib/errors.ts';
import { Report } from '../../shared/model/report.ts';
import type { Log } from '../../shared/runtime/log.ts';
import { type HistoryTables, historyIn } from './history.ts';
import { cacheMigrations } from './migrations.ts';
import { isInUse, openDatabase, storeError } from './open-database.ts';
import type { StoredReport } from './store.ts';
import { readerOf } from './stored-json.ts';

/** As many servers as anybody has in a pool, with room; more would be agents that make up names. */
const maxReports = 10_000;

const readReport = readerOf(Report);

export interface ReportCache {
  saveReports(reports: readonly StoredReport[]): void;
  loadReports(): StoredReport[];
  readonly history: HistoryTables;
  close(): void;
}

/** The cache in the file `path` (or ':memory:'). Throws MortarError('store-unavailable') when not even a new one can be made. */
export function openReportCache(path: string, log: Log): ReportCache {
  const database = openOrBeginAnew(path, log);
  const put = database.prepare('INSERT OR REPLACE INTO reports (server, report_at, report) VALUES (?, ?, ?)');
  const prune = database.prepare(
    `DELETE FROM reports WHERE server IN (SELECT server FROM reports ORDER BY report_at DESC LIMIT -1 OFFSET ${maxReports})`,
  );
  const select = database.prepare<[], { server: string; report_at: number; report: string }>(
    `SELECT * FROM reports ORDER BY server LIMIT ${maxReports}`,
  );
  const putAll = database.transaction((reports: readonly StoredReport[]) => {
    for (const { report, reportAt } of reports) put.run(report.server, reportAt, JSON.stringify(report));
    prune.run();
  });
  const history = historyIn(database);
  let isFailing = false;

  return {
    saveReports(reports) {
      if (reports.length === 0) return;
      try {
        putAll.immediate(reports);
        isFailing = false;
      } catch (error) {
        // Once for each stretch of failures, because it is tried again every few seconds.
        if (!isFailing)
          log.warn({ path, error: describeError(error) }, 'reports cannot be cached; going on without');
        isFailing = true;
      }
    },
    loadReports() {
      const reports: StoredReport[] = [];
      for (const row of select.all()) {
        try {
          reports.push({
            report: readReport(row.report, `report of ${row.server}`),
            reportAt: row.report_at,
          });
        } catch (error) {
          log.info(
            { path, error: describeError(error) },
            'a cached report is not usable; its agent will send another',
          );
        }
      }
      return reports;
    },
    history,
    close: () => void database.close(),
  };
}

function openOrBeginAnew(path: string, log: Log): Database {
  const shape = { path, synchronous: 'NORMAL', migrations: cacheMigrations } as const;
  try {
    return openDatabase(shape);
  } catch (error) {
    if (isInUse(error) || !existsSync(path)) throw storeError(path, error);
    const aside = setAside(path);
    log.warn(
      { path, aside, error: describeError(error) },
      'the report cache was not usable; it is begun anew',
    );
  }
  try {
    return openDatabase(shape);
  } catch (error) {
    throw storeError(path, error);
  }
}

// One is kept to look at, not each of them.
function setAside(path: string): string {
  const aside = `${path}.damaged`;
  try {
    renameSync(path, aside);
    for (const side of ['-wal', '-shm']) rmSync(`${path}${side}`, { force: true });
  } catch (error) {
    throw new MortarError('store-unavailable', `${path} is damaged and cannot be moved aside`, {
      cause: error,
    });
  }
  return aside;
}
