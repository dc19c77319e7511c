// Chains of causes in one line, whatever was thrown.
import { describe, expect, test } from 'vitest';
import { describeError, errorCodeOf, MortarError, systemCodeOf } from '../../../shared/lib/errors.ts';

const system = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const chain = new MortarError('bus-unavailable', 'cannot send', {
  cause: new Error('no bus', { cause: system }),
});

describe('describeError', () => {
  const cases = [
    ['a chain', chain, 'cannot send: no bus: connect ECONNREFUSED'],
    ['an error without a message', new TypeError(), 'TypeError'],
    ['a string', 'no', 'no'],
    ['a cause that is no error', new Error('a', { cause: 'b' }), 'a: b'],
    ['nothing', undefined, ''],
  ] as const;
  test.each(cases)('%s in one line', (_, error, line) => {
    expect(describeError(error)).toBe(line);
  });

  test('a chain that bites its tail ends', () => {
    const error = new Error('x');
    error.cause = error;
    expect(describeError(error)).toBe(Array(8).fill('x').join(': '));
  });
});

test('only a MortarError has a code of its own; all else is internal', () => {
  expect(errorCodeOf(chain)).toBe('bus-unavailable');
  expect([system, 'no', null].map(errorCodeOf)).toEqual(['internal', 'internal', 'internal']);
});

test.each([
  ['an error of the system', Object.assign(new Error('gone'), { code: 'ENOENT' }), 'ENOENT'],
  ['an error of Mortar, whose code is another vocabulary', new MortarError('not-found', 'x'), null],
  ['an error without a code', new Error('x'), null],
  ['what is no error', { code: 'ENOENT' }, null],
])('the system’s code of %s', (_, error, code) => {
  expect(systemCodeOf(error)).toBe(code);
});
