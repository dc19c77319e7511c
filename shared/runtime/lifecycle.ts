// The life of a daemon: start, wait for a signal, give everything back, exit. A bug (an exception that nobody caught)
// ends the process at once and without tidying up, because nothing is known about its state; systemd starts it again.
import { describeError, errorCodeOf } from '../lib/errors.ts';
import { settlesWithin } from './delay.ts';
import type { DaemonLog } from './logger.ts';
import { ReleaseStack } from './release-stack.ts';
import { createSystemdNotifier, type SystemdNotifier } from './systemd.ts';

/** systemd waits 90 s by default before it kills; a daemon that cannot stop in 10 s is stuck. */
const defaultReleaseLimitMs = 10_000;
/** EX_CONFIG of sysexits.h; the units name it in RestartPreventExitStatus, because a retry cannot help. */
export const badConfigExitCode = 78;

export interface Daemon {
  name: string;
  log: DaemonLog;
  /** Gets everything and starts it; each part is deferred on `stack` as soon as it is there. */
  start: (stack: ReleaseStack, systemd: SystemdNotifier) => Promise<void>;
  /** How long the release of the whole stack may take, 10 s by default; the unit's TimeoutStopSec must be longer. */
  releaseLimitMs?: number;
}

/**
 * Runs `daemon` until SIGTERM or SIGINT, releases its stack in reverse order within its limit, and ends the process: with 0,
 * with 78 when its configuration is wrong, else with 1. A second signal ends it at once. Never returns.
 */
export async function runDaemon(daemon: Daemon): Promise<never> {
  const { name, log } = daemon;
  process.once('uncaughtException', (error) => endForBug(daemon, error));
  process.once('unhandledRejection', (error) => endForBug(daemon, error));
  const systemd = createSystemdNotifier({ log });
  const stack = new ReleaseStack();
  const signal = nextSignal();
  let exitCode = 0;
  try {
    const started = daemon.start(stack, systemd).then(() => 'started' as const);
    const first = await Promise.race([started, signal]);
    if (first === 'started') {
      await announce(systemd, stack);
      log.info({}, `${name} is up`);
    } else {
      // What the unfinished start still gets or throws is released, or ended with the process.
      started.catch((error) => log.warn({ error }, `the start of ${name} was cut short`));
    }
    log.info({ signal: await signal }, `${name} is stopping`);
    void systemd.notifyStopping();
  } catch (error) {
    log.fatal({ error }, `${name} did not start: ${describeError(error)}`);
    exitCode = errorCodeOf(error) === 'bad-config' ? badConfigExitCode : 1;
  }
  process.once('SIGTERM', () => process.exit(1));
  process.once('SIGINT', () => process.exit(1));
  const isReleased = await releaseAll(stack, daemon);
  process.exit(isReleased ? exitCode : exitCode || 1);
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

async function announce(systemd: SystemdNotifier, stack: ReleaseStack): Promise<void> {
  if (systemd.watchdogPeriodMs !== null) {
    const timer = setInterval(() => void systemd.notifyWatchdog(), systemd.watchdogPeriodMs);
    stack.defer('the watchdog', () => clearInterval(timer));
  }
  await systemd.notifyReady();
}

async function releaseAll(stack: ReleaseStack, daemon: Daemon): Promise<boolean> {
  const { log, releaseLimitMs = defaultReleaseLimitMs } = daemon;
  const errors = await settlesWithin(stack.release(), releaseLimitMs);
  if (!errors) log.error({}, `not everything was released within ${releaseLimitMs} ms`);
  for (const error of errors ?? []) log.error({ error }, 'something was not released');
  return errors?.length === 0;
}

function endForBug({ name, log }: Daemon, error: unknown): never {
  log.fatal({ error }, `${name} ends because of a bug`);
  process.exit(1);
}
