// The law of the house, held against the tree as it stands. The rules themselves, and the proof that each of them can
// fail, are in test/support: import-law.ts and house-rules.ts.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rules } from './support/house-rules.ts';
import { parseTree, readTexts } from './support/source-tree.ts';

const tree = parseTree(await readTexts(join(import.meta.dirname, '..')));

for (const { name, find } of rules) {
  test(name, () => {
    expect(find(tree)).toEqual([]);
  });
}
