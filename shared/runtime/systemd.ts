// What a daemon tells systemd. The npm package says READY and STATUS; WATCHDOG, RELOADING and STOPPING it cannot say,
// and go through the same `systemd-notify` program. Every message is a child process, so the unit needs
// NotifyAccess=all, and at most one child runs at a time.
import notify from 'systemd-notify';
import { describeError, MortarError } from '../lib/errors.ts';
import { type Clock, systemClock, type Timer } from './clock.ts';
import type { Log } from './log.ts';
import { runCommand } from './run-command.ts';

export interface SystemdNotifier {
  /** Says that the daemon is up. */
  notifyReady(): Promise<void>;
  /** Says in one line what the daemon does; `systemctl status` shows it. Often repeated, only the newest is sent. */
  notifyStatus(text: string): void;
  /** Says that the daemon is alive; systemd kills one that does not for WatchdogSec. */
  notifyWatchdog(): Promise<void>;
  notifyStopping(): Promise<void>;
  notifyReloading(): Promise<void>;
  /** How often notifyWatchdog has to be called, in ms: a third of systemd's limit, so that two may be lost. Null: never. */
  watchdogPeriodMs: number | null;
}

/** A status is for people; one each 5 s costs a thousandth of a core and is still fresh. */
const statusPeriodMs = 5_000;
/** systemd-notify itself gives up after 5 s when the manager does not answer. */
const childLimitMs = 6_000;
/** systemctl shows one line. */
const longestStatus = 200;

/**
 * Talks to the systemd that started this process. Without NOTIFY_SOCKET in the environment every call does nothing. Nothing
 * here ever fails a daemon: what goes wrong is logged, the first time as a warning.
 */
export function createSystemdNotifier(options: { log: Log; clock?: Clock }): SystemdNotifier {
  const { log, clock = systemClock } = options;
  const socket = process.env.NOTIFY_SOCKET;
  let last: Promise<void> = Promise.resolve();
  let hasWarned = false;

  /** Runs `send` after everything before it. The list cannot grow: each kind of message waits for its own answer. */
  function enqueue(what: string, send: () => Promise<unknown>): Promise<void> {
    if (!socket) return Promise.resolve();
    last = last.then(send).then(
      () => {},
      (error: unknown) => {
        const level = hasWarned ? 'debug' : 'warn';
        hasWarned = true;
        log[level]({ error: asMortarError(error) }, `systemd was not told ${what}`);
      },
    );
    return last;
  }

  const say = (assignments: string[]) => () =>
    runCommand({
      file: 'systemd-notify',
      args: [`--pid=${process.pid}`, ...assignments],
      timeoutMs: childLimitMs,
      maxOutputBytes: 4096,
      // The npm package finds the program in this process's own PATH; so does this.
      env: { NOTIFY_SOCKET: socket ?? '', PATH: process.env.PATH ?? '/usr/bin' },
    }).then((result) => {
      if (result.code !== 0)
        throw new MortarError('command-failed', result.stderr.trim() || 'systemd-notify failed');
    });

  const status = createStatusSender({
    clock,
    send: (text) => enqueue('the status', () => notify({ status: text })),
  });
  let watchdog: Promise<void> | null = null;
  return {
    notifyReady: () => enqueue('that this daemon is ready', () => notify({ ready: true })),
    notifyStatus: (text) => status(oneLine(text)),
    notifyWatchdog() {
      watchdog ??= enqueue('that this daemon is alive', say(['WATCHDOG=1'])).finally(() => {
        watchdog = null;
      });
      return watchdog;
    },
    notifyStopping: () => enqueue('that this daemon is stopping', say(['STOPPING=1'])),
    notifyReloading: () => enqueue('that this daemon is reloading', say(['RELOADING=1'])),
    watchdogPeriodMs: watchdogPeriodMs(process.env),
  };
}

/** Sends the newest status at most once each period, and never the same twice in a row. */
function createStatusSender({ clock, send }: { clock: Clock; send: (text: string) => Promise<void> }) {
  let sent: string | null = null;
  let newest: string | null = null;
  let timer: Timer | null = null;
  const next = async () => {
    timer = null;
    if (newest === null || newest === sent) return;
    sent = newest;
    timer = clock.after(statusPeriodMs, next);
    await send(sent);
  };
  return (text: string) => {
    newest = text;
    if (!timer) void next();
  };
}

function watchdogPeriodMs(env: NodeJS.ProcessEnv): number | null {
  const limitUs = Number(env.WATCHDOG_USEC);
  const isForUs = env.WATCHDOG_PID === undefined || Number(env.WATCHDOG_PID) === process.pid;
  return env.NOTIFY_SOCKET && isForUs && limitUs > 0 ? limitUs / 3000 : null;
}

/** What cannot be printed would end the STATUS assignment early and begin another. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, longestStatus);
}

function asMortarError(error: unknown): MortarError {
  return new MortarError('command-failed', describeError(error) || 'systemd-notify failed');
}
