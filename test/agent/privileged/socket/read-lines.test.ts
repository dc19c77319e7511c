// Lines out of bytes, however the bytes are cut, and never more than the limit in memory.
import { expect, test } from 'vitest';
import { createLineReader } from '../../../../agent/privileged/socket/read-lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('lines come out whole wherever the bytes were cut', () => {
  const text = 'one\n\nzwölf ☃\nlast';
  const all = bytes(text);
  for (let size = 1; size <= all.length; size += 1) {
    const reader = createLineReader(100);
    const lines: string[] = [];
    for (let at = 0; at < all.length; at += size)
      lines.push(...(reader.push(all.subarray(at, at + size)) ?? []));
    expect(lines).toEqual(['one', '', 'zwölf ☃']);
  }
});

test('a line of exactly the limit is read, one byte more ends the reading', () => {
  expect(createLineReader(4).push(bytes('abcd\n'))).toEqual(['abcd']);
  expect(createLineReader(4).push(bytes('abcde\n'))).toBeNull();
});

test('a line that never ends is given up as soon as it is over the limit, and nothing is read after it', () => {
  const reader = createLineReader(4);
  expect(reader.push(bytes('abc'))).toEqual([]);
  expect(reader.push(bytes('de'))).toBeNull();
  expect(reader.push(bytes('\nok\n'))).toBeNull();
});
