// Sizes as people write and read them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes, parseBytes } from '../../../shared/lib/bytes.ts';

const written = [
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [10 * 1024, '10 KiB'],
  [1024 ** 2 - 1, '1 MiB'],
  [1.5 * 1024 ** 3, '1.5 GiB'],
  [512 * 1024 ** 2, '512 MiB'],
  [12 * 1024 ** 4, '12 TiB'],
  [-1024, '-1 KiB'],
  [2 ** 63, '8 EiB'],
  [1024 ** 7 * 2, '2048 EiB'],
] as const;
test.each(written)('%d bytes are written "%s"', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

const read = [
  ['4096', 4096],
  ['10GiB', 10 * 1024 ** 3],
  ['10 gb', 10 * 1024 ** 3],
  ['512M', 512 * 1024 ** 2],
  ['1.5T', 1.5 * 1024 ** 4],
  ['7 B', 7],
  [' 1k ', 1024],
] as const;
test.each(read)('"%s" is %d bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each(['', 'GiB', '-1G', '1e3', '1 G 2 M', '1,5G', '10 GBit', 'NaN', '99999P', '1GiB\nx'])(
  '"%s" is no size',
  (text) => {
    expect(() => parseBytes(text)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  },
);

describe('formatBytes and parseBytes', () => {
  test('what one writes the other reads, to within what three digits can say', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 52 }), (bytes) => {
        const again = parseBytes(formatBytes(bytes));
        expect(Math.abs(again - bytes)).toBeLessThanOrEqual(bytes * 0.06);
      }),
    );
  });
});
