// What is in a line of the log, and which secrets are not.
import { describe, expect, test } from 'vitest';
import { MortarError } from '../../../shared/lib/errors.ts';
import { createLogger, type LogLevel } from '../../../shared/runtime/logger.ts';

/** A logger and the lines that it wrote. */
function record(level: LogLevel = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    name: 'mortar-agent',
    level,
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
  });
  return { log, lines };
}

describe('createLogger', () => {
  test('a line has its level as a word, a time, the name and the fields, and nothing that the journal has already', () => {
    const { log, lines } = record();
    log.info({ volume: 'vol1' }, 'the volume grew');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        name: 'mortar-agent',
        volume: 'vol1',
        message: 'the volume grew',
      },
    ]);
  });

  test('writes its level and above', () => {
    const { log, lines } = record('warn');
    for (const level of ['debug', 'info', 'warn', 'error', 'fatal'] as const) log[level]({}, level);
    expect(lines.map((line) => line.message)).toEqual(['warn', 'error', 'fatal']);
  });

  test('an operating error is its code and its whole chain in one line', () => {
    const { log, lines } = record();
    const cause = new Error('EACCES');
    log.error({ error: new MortarError('store-unavailable', 'cannot open the database', { cause }) }, 'no');
    expect(lines[0]?.error).toEqual({ code: 'store-unavailable', chain: 'cannot open the database: EACCES' });
  });

  test('a bug has its stack, too', () => {
    const { log, lines } = record();
    log.error({ error: new TypeError('x is not a function') }, 'no');
    expect(lines[0]?.error).toMatchObject({
      code: 'internal',
      stack: expect.stringContaining('logger.test'),
    });
  });

  const secrets = [
    ['at the top', { token: 'hunter2' }],
    ['one level down', { nats: { password: 'hunter2' } }],
    ['two levels down', { config: { keys: { privatePem: 'hunter2' } } }],
    [
      'in an address within an error',
      { error: new MortarError('bus-unavailable', 'nats://mortar:hunter2@bus:4222') },
    ],
  ] as const;
  test.each(secrets)('a secret %s is not written', (_, fields) => {
    const { log, lines } = record();
    log.info(fields, 'connecting');
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  test('a value that JSON cannot say does not end the process', () => {
    const { log, lines } = record();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    log.info({ cycle }, 'odd');
    expect(lines[0]?.message).toBe('odd');
  });
});
