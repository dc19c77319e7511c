// The log of a daemon: one JSON object a line on standard output, which systemd's journal takes and dates. No pid and
// no host name, the journal has both. An error is written as its whole chain in one line; only a bug has its stack.
import { type DestinationStream, pino, stdTimeFunctions } from 'pino';
import { describeError, errorCodeOf, MortarError } from '../lib/errors.ts';
import type { Log } from './log.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A log that can also say why its process ends. */
export interface DaemonLog extends Log {
  fatal(fields: object, message: string): void;
}

/** Fields that are never written, wherever a caller put them; pino has no pattern for "at any depth". */
const secretNames = [
  'password',
  'token',
  'secret',
  'seed',
  'privatePem',
  'authorization',
  'credentials',
  'jwt',
];
const secretPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/**
 * The log of the daemon `name`: lines of `level` and above go to `destination`, standard output unless given. Writing
 * is synchronous, so that the last words before an exit are not lost.
 */
export function createLogger(options: {
  name: string;
  level: LogLevel;
  destination?: DestinationStream;
}): DaemonLog {
  return pino(
    {
      level: options.level,
      base: { name: options.name },
      timestamp: stdTimeFunctions.isoTime,
      messageKey: 'message',
      errorKey: 'error',
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describe, err: describe },
      redact: { paths: secretPaths, censor: '(secret)' },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

function describe(error: unknown): object {
  const description = { code: errorCodeOf(error), chain: withoutCredentials(describeError(error)) };
  const isBug = error instanceof Error && !(error instanceof MortarError);
  return isBug ? { ...description, stack: error.stack } : description;
}

/** Addresses are the one secret that gets into messages: a NATS URL may carry a password. */
function withoutCredentials(text: string): string {
  return text.replace(/(\w+:\/\/)[^/@\s]*@/g, '$1');
}
