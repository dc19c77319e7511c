// How a lab ends when its process does, and what the next start makes of a lab whose process was killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeLab } from './describe-lab.ts';
import { withFileLock } from './file-lock.ts';
import { provideImage } from './image.ts';
import { createLab } from './lab.ts';
import { type LabRecord, labDirectory, labsLock, readRecord } from './lab-record.ts';
import { tracesOf } from './traces.ts';
import { waitFor } from './wait.ts';

const labModule = join(import.meta.dirname, 'lab.ts');

describeLab('a lab whose process ends', () => {
  const children: ChildProcess[] = [];
  const living = createLab({ name: 'test-living', servers: 1, disks: 1 });
  beforeAll(async () => {
    await provideImage('bookworm', () => undefined);
    await living.start();
    await living.server(1).formatDisk(1, '/bricks/one');
  });
  afterAll(() => living.stop());
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A process with a lab of one server and a helper; runs `then` when it is up. */
  function startOwner(name: string, then = ''): ChildProcess {
    const program = `
      import { spawn } from 'node:child_process';
      import { createLab } from ${JSON.stringify(labModule)};
      const lab = createLab({ name: ${JSON.stringify(name)}, servers: 1, disks: 1 });
      await lab.start();
      await lab.server(1).formatDisk(1, '/bricks/one');
      spawn('sleep', ['infinity'], { env: { ...process.env, ...lab.environment }, detached: true });
      process.stdout.write('up');
      setInterval(() => undefined, 1000);
      ${then}`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    return child;
  }

  const recordOf = (name: string): Promise<LabRecord> =>
    waitFor(`the record of ${name}`, 60_000, () => readRecord(name));

  const endings: [how: string, then: string, signal: NodeJS.Signals | null][] = [
    ['by SIGINT', '', 'SIGINT'],
    ['by SIGTERM', '', 'SIGTERM'],
    ['by SIGHUP', '', 'SIGHUP'],
    ['by an uncaught exception', `throw new Error('not caught');`, null],
    ['by process.exit', 'process.exit(3);', null],
    ['by a handler of its own for the signal', `process.on('SIGTERM', () => process.exit(0));`, 'SIGTERM'],
  ];
  test.each(endings)('leaves nothing when its process ends %s', async (how, then, signal) => {
    const name = `test-end-${endings.findIndex(([other]) => other === how)}`;
    const owner = startOwner(name, then);
    const exited = once(owner, 'exit');
    const record = await recordOf(name);
    if (signal !== null) {
      await once(owner.stdout as NodeJS.ReadableStream, 'data');
      expect(tracesOf(record)).not.toEqual([]);
      owner.kill(signal);
    }
    await exited;
    expect(tracesOf(record)).toEqual([]);
  });

  const moments: [when: string, isReached: (traces: readonly string[]) => boolean][] = [
    ['when it has just been written down', (traces) => traces.length > 0],
    ['when its disks are attached', (traces) => traces.some((trace) => trace.startsWith('loop'))],
    ['when its server is starting', (traces) => traces.some((trace) => trace.startsWith('process'))],
    ['when its network is connected', (traces) => traces.some((trace) => trace.startsWith('link vb-'))],
    ['when it is up', (traces) => traces.some((trace) => trace.startsWith('helper'))],
  ];
  test.each(moments)('is cleared by the next start when it was killed %s', async (when, isReached) => {
    const name = `test-killed-${moments.findIndex(([other]) => other === when)}`;
    const owner = startOwner(name);
    const record = await recordOf(name);
    await waitFor('the moment', 60_000, () => isReached(tracesOf(record)));
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(tracesOf(record)).not.toEqual([]);

    const init = living.server(1).init();
    await living.server(1).sh('echo mine >/bricks/one/file');
    const next = createLab({ name: 'test-next', servers: 1, disks: 0 });
    await next.start();
    try {
      // The next lab takes the network number that became free, so its links and cgroups go by the same names.
      const left = tracesOf(record).filter((trace) => !/link|cgroup|nspawn/.test(trace));
      expect(left).toEqual([]);
      expect(living.server(1).init()).toEqual(init);
      expect(await living.server(1).sh('cat /bricks/one/file')).toBe('mine\n');
    } finally {
      await next.stop();
    }
    expect(tracesOf(record)).toEqual([]);
  });

  test('is not touched while its process lives, even if it does nothing', async () => {
    const owner = startOwner('test-asleep');
    await once(owner.stdout as NodeJS.ReadableStream, 'data');
    const record = await recordOf('test-asleep');
    const before = tracesOf(record);
    owner.kill('SIGSTOP');
    const next = createLab({ name: 'test-next', servers: 1, disks: 0 });
    await next.start();
    // Neither do its own server's missing disks trouble it.
    expect(await next.server(1).sh('systemctl is-system-running')).toBe('running\n');
    await next.stop();
    expect(tracesOf(record)).toEqual(before);
    owner.kill('SIGCONT');
    owner.kill('SIGTERM');
    await once(owner, 'exit');
    expect(tracesOf(record)).toEqual([]);
  });

  test('leaves nothing when a server cannot start, and says why', async () => {
    const binds = [{ host: '/no/such/directory', server: '/srv', readOnly: true }];
    const failing = createLab({ name: 'test-failing', servers: 2, disks: 1, binds });
    await expect(failing.start()).rejects.toThrow(/\/no\/such\/directory/);
    expect(readRecord('test-failing')).toBe(null);
    expect(existsSync(labDirectory('test-failing'))).toBe(false);
    await living.server(1).sh('true');
  });

  test('frees a lock that its killed process held', async () => {
    const lock = join(labDirectory('test-living'), 'test.lock');
    const program = `
      import { withFileLock } from ${JSON.stringify(join(import.meta.dirname, 'file-lock.ts'))};
      setInterval(() => undefined, 1000);
      await withFileLock(${JSON.stringify(lock)}, () => new Promise(() => process.stdout.write('held')));`;
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(holder);
    await once(holder.stdout, 'data');
    const order: string[] = [];
    const waiting = withFileLock(lock, () => order.push('locked'));
    holder.once('exit', () => order.push('killed'));
    holder.kill('SIGKILL');
    await waiting;
    expect(order).toContain('locked');
    expect(await withFileLock(labsLock(), () => 'free')).toBe('free');
  });
});
