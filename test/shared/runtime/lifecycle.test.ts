// Each daemon here is a process of its own: signals and exit codes cannot be shown in another way.
import { describe, expect, test } from 'vitest';
import { runScript } from '../../support/run-script.ts';

/** A daemon with `start` as the body of its start, in a process of its own. */
function daemon(start: string, options = '') {
  return runScript(`
    import { MortarError } from './shared/lib/errors.ts';
    import { runDaemon } from './shared/runtime/lifecycle.ts';
    import { createLogger } from './shared/runtime/logger.ts';
    const log = createLogger({ name: 'test', level: 'info' });
    await runDaemon({ name: 'mortar-test', log, start: async (stack) => {
      setInterval(() => {}, 1000);
      ${start}
    }, ${options} });
  `);
}

const messages = (output: string) =>
  output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).message);

describe('runDaemon', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s releases everything in reverse order and ends with 0',
    async (signal) => {
      const { child, says, ended } = daemon(`
      stack.defer('a', () => log.info({}, 'released a'));
      stack.defer('b', () => log.info({}, 'released b'));
    `);
      await says('mortar-test is up');
      child.kill(signal);
      const { code, output } = await ended;
      expect(code).toBe(0);
      expect(messages(output)).toEqual([
        'mortar-test is up',
        'mortar-test is stopping',
        'released b',
        'released a',
      ]);
    },
  );

  test('what is not released within the limit of the daemon ends with 1', async () => {
    const { child, says, ended } = daemon(
      `stack.defer('a', () => new Promise(() => {}), 60_000);`,
      'releaseLimitMs: 50',
    );
    await says('mortar-test is up');
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(code).toBe(1);
    expect(messages(output)).toContain('not everything was released within 50 ms');
  });

  const failures = [
    [
      'a wrong configuration ends with 78',
      "throw new MortarError('bad-config', 'line 3: unknown key x')",
      78,
    ],
    [
      'another operating error ends with 1',
      "throw new MortarError('store-unavailable', 'the disk is full')",
      1,
    ],
    ['a bug in the start ends with 1', 'null.x', 1],
  ] as const;
  test.each(failures)('%s, after what was got is given back', async (_, failure, wanted) => {
    const { ended } = daemon(`stack.defer('a', () => log.info({}, 'released a')); ${failure};`);
    const { code, output } = await ended;
    expect(code).toBe(wanted);
    expect(messages(output)).toEqual([expect.stringMatching(/^mortar-test did not start: ./), 'released a']);
  });

  const bugs = [
    ['an exception', "setImmediate(() => { throw new Error('a bug') })"],
    ['a rejection', "void Promise.reject(new Error('a bug'))"],
  ] as const;
  test.each(bugs)('%s that nobody caught is logged once with its stack and ends with 1', async (_, bug) => {
    const { ended } = daemon(`stack.defer('a', () => log.info({}, 'released a')); ${bug};`);
    const { code, output } = await ended;
    expect(code).toBe(1);
    const fatal = output.split('\n').filter((line) => line.includes('"fatal"'));
    expect(fatal).toHaveLength(1);
    expect(JSON.parse(fatal[0] ?? '')).toMatchObject({
      message: 'mortar-test ends because of a bug',
      error: { chain: 'a bug', stack: expect.stringContaining('Error: a bug') },
    });
    expect(output).not.toContain('released a');
  });

  test('a signal during the start ends it, and gives back what was got', async () => {
    const { child, says, ended } = daemon(`
      stack.defer('a', () => log.info({}, 'released a'));
      log.info({}, 'starting');
      await new Promise(() => {});
    `);
    await says('starting');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, output: expect.stringContaining('released a') });
  });

  test('a part that cannot be released is named, and the end is 1', async () => {
    const { child, says, ended } = daemon(`
      stack.defer('the bus', () => { throw new Error('no') });
    `);
    await says('is up');
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(code).toBe(1);
    expect(output).toContain('the bus was not released: no');
  });

  test('a second signal ends a release that hangs', async () => {
    const { child, says, ended } = daemon(`
      stack.defer('a', () => { log.info({}, 'hanging'); return new Promise(() => {}); }, 60000);
    `);
    await says('is up');
    child.kill('SIGTERM');
    await says('hanging');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1 });
  });
});
