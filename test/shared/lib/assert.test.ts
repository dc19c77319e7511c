// What holds, what does not, and what is said then.
import { expect, test } from 'vitest';
import { AssertionError, assert, present, unreachable } from '../../../shared/lib/assert.ts';

test.each([false, 0, '', null, undefined, Number.NaN])('%s does not hold', (value) => {
  expect(() => assert(value, 'it must hold')).toThrow(new AssertionError('it must hold'));
});

test.each([true, 1, 'x', {}, []])('%j holds', (value) => {
  expect(() => assert(value, 'it must hold')).not.toThrow();
});

test('present gives back what is there, also what is empty, and names what is not', () => {
  expect([0, '', false].map((value) => present(value, 'it'))).toEqual([0, '', false]);
  expect(() => present(null, 'the brick')).toThrow('the brick must be present');
  expect(() => present(undefined, 'the brick')).toThrow(AssertionError);
});

test('unreachable shows the value that came all the same', () => {
  expect(() => unreachable({ kind: 'new' } as never)).toThrow('unreachable: {"kind":"new"}');
});
