// Node cannot listen on a datagram socket of the file system, so the program systemd-notify is a script that records
// its arguments; the npm package and the spawning are the real ones. The lab runs it under a real systemd.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSystemdNotifier } from '../../../shared/runtime/systemd.ts';
import { recordLog } from '../../support/log-recorder.ts';
import { createManualClock } from '../../support/manual-clock.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortar-systemd-'));
  await program('echo "$*" >> "$(dirname "$0")/said"');
  vi.stubEnv('PATH', `${directory}:${process.env.PATH}`);
  vi.stubEnv('NOTIFY_SOCKET', join(directory, 'socket'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

async function program(script: string): Promise<void> {
  const path = join(directory, 'systemd-notify');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

const said = () =>
  readFile(join(directory, 'said'), 'utf8').then(
    (text) => text.trim().split('\n'),
    () => [],
  );

const pid = `--pid=${process.pid}`;

describe('createSystemdNotifier', () => {
  test('says each thing in its words, with the pid of the daemon', async () => {
    const systemd = createSystemdNotifier({ log: recordLog().log });
    await systemd.notifyReady();
    await systemd.notifyWatchdog();
    await systemd.notifyReloading();
    await systemd.notifyStopping();
    expect(await said()).toEqual([
      `--ready ${pid}`,
      `${pid} WATCHDOG=1`,
      `${pid} RELOADING=1`,
      `${pid} STOPPING=1`,
    ]);
  });

  test('runs one child at a time, in the order of the calls', async () => {
    await program(
      'cd "$(dirname "$0")"; mkdir running || echo overlap >> said; echo "$2" >> said; rmdir running',
    );
    const systemd = createSystemdNotifier({ log: recordLog().log });
    await Promise.all([systemd.notifyReloading(), systemd.notifyWatchdog(), systemd.notifyStopping()]);
    expect(await said()).toEqual(['RELOADING=1', 'WATCHDOG=1', 'STOPPING=1']);
  });

  test('pings that wait for the same child are one', async () => {
    const systemd = createSystemdNotifier({ log: recordLog().log });
    await Promise.all(Array.from({ length: 50 }, () => systemd.notifyWatchdog()));
    expect(await said()).toHaveLength(1);
  });

  test('of many statuses the first goes out at once and only the newest after a while, the same one never twice', async () => {
    const clock = createManualClock();
    const systemd = createSystemdNotifier({ log: recordLog().log, clock });
    for (const text of ['first', 'second', 'third']) systemd.notifyStatus(text);
    await clock.advance(5_000);
    systemd.notifyStatus('third');
    await clock.advance(60_000);
    systemd.notifyStatus('third');
    await clock.advance(60_000);
    await systemd.notifyStopping();
    expect(await said()).toEqual([`${pid} --status=first`, `${pid} --status=third`, `${pid} STOPPING=1`]);
    expect(clock.pending()).toBe(0);
  });

  test('a status of several lines cannot say anything else', async () => {
    const systemd = createSystemdNotifier({ log: recordLog().log });
    systemd.notifyStatus('watching\nREADY=1\nMAINPID=1');
    await systemd.notifyStopping();
    expect((await said())[0]).toBe(`${pid} --status=watching READY=1 MAINPID=1`);
  });

  const failures = [
    ['fails', 'echo "no such socket" >&2; exit 1'],
    ['is killed', 'kill -KILL $$'],
  ] as const;
  test.each(failures)('a program that %s is a warning once, and never an exception', async (_, script) => {
    await program(script);
    const { log, records } = recordLog();
    const systemd = createSystemdNotifier({ log });
    await systemd.notifyReady();
    await systemd.notifyWatchdog();
    await systemd.notifyStopping();
    expect(records.map((record) => record.level)).toEqual(['warn', 'debug', 'debug']);
  });

  test('a machine without the program is a warning, and never an exception', async () => {
    vi.stubEnv('PATH', directory);
    await rm(join(directory, 'systemd-notify'));
    const { log, records } = recordLog();
    const systemd = createSystemdNotifier({ log });
    await systemd.notifyReady();
    await systemd.notifyStopping();
    expect(records.map((record) => record.level)).toEqual(['warn', 'debug']);
  });

  test('without NOTIFY_SOCKET nothing is started', async () => {
    vi.stubEnv('NOTIFY_SOCKET', undefined);
    const systemd = createSystemdNotifier({ log: recordLog().log });
    await systemd.notifyReady();
    systemd.notifyStatus('x');
    await systemd.notifyStopping();
    expect(await said()).toEqual([]);
    expect(systemd.watchdogPeriodMs).toBeNull();
  });

  const watchdogs = [
    ['a limit of 30 s', '30000000', undefined, 10_000],
    ['a limit for this process', '30000000', String(process.pid), 10_000],
    ['a limit for another process', '30000000', '1', null],
    ['no limit', undefined, undefined, null],
    ['a limit that is no number', 'x', undefined, null],
  ] as const;
  test.each(watchdogs)('%s gives a period of a third of it, or none', (_, limitUs, watchdogPid, periodMs) => {
    vi.stubEnv('WATCHDOG_USEC', limitUs);
    vi.stubEnv('WATCHDOG_PID', watchdogPid);
    expect(createSystemdNotifier({ log: recordLog().log }).watchdogPeriodMs).toBe(periodMs);
  });
});
