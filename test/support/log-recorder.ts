// A log that remembers, for tests of what is said and how often.
import type { DaemonLog } from '../../shared/runtime/logger.ts';

export interface LogRecord {
  level: 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  fields: object;
  message: string;
}

/** A log, and everything that was written to it. */
export function recordLog(): { log: DaemonLog; records: LogRecord[] } {
  const records: LogRecord[] = [];
  const write = (level: LogRecord['level']) => (fields: object, message: string) => {
    records.push({ level, fields, message });
  };
  return {
    records,
    log: {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      fatal: write('fatal'),
    },
  };
}
