// Tables: aligned, fitting the terminal, and harmless whatever a server put into a name.
import { expect, test } from 'vitest';
import { renderTable } from '../../../coordinator/cli/table.ts';

const columns = [
  { title: 'NAME' },
  { title: 'SIZE', align: 'right' as const },
  { title: 'KIND', canDrop: true },
  { title: 'REASON', canShrink: true },
];
const rows = [
  ['one', '9', 'replicate', 'it is full and nothing else fits there'],
  ['twenty', '1000', 'disperse', '-'],
];

test('columns are as wide as what is in them, and numbers stand under each other', () => {
  expect(renderTable(columns, rows, null)).toBe(
    [
      'NAME    SIZE  KIND       REASON',
      'one        9  replicate  it is full and nothing else fits there',
      'twenty  1000  disperse   -',
      '',
    ].join('\n'),
  );
});

test('what does not fit is cut where it may be', () => {
  expect(renderTable(columns, rows, 45)).toBe(
    [
      'NAME    SIZE  KIND       REASON',
      'one        9  replicate  it is full and noth…',
      'twenty  1000  disperse   -',
      '',
    ].join('\n'),
  );
});

test('a column is left out where cutting is not enough', () => {
  expect(renderTable(columns, rows, 28)).toBe(
    ['NAME    SIZE  REASON', 'one        9  it is full an…', 'twenty  1000  -', ''].join('\n'),
  );
});

test('what can be neither cut nor left out is printed all the same', () => {
  expect(renderTable(columns.slice(0, 2), rows, 4)).toBe('NAME    SIZE\none        9\ntwenty  1000\n');
});

test('no control character reaches the terminal', () => {
  expect(renderTable([{ title: 'NAME' }], [['a\u001b[2Jb\n\u009bc']], null)).toBe('NAME\na?[2Jb??c\n');
});
