// One row for each thing that the import law forbids, and for each that it must not forbid by mistake.
import { dirname, relative } from 'node:path';
import { expect, test } from 'vitest';
import { findForbiddenImports } from './import-law.ts';
import { parseTree } from './source-tree.ts';

type Row = [from: string, target: string];

const forbidden: Row[] = [
  ['shared/lib/a.ts', 'shared/model/b.ts'],
  ['shared/lib/a.ts', 'typebox'],
  ['shared/lib/a.ts', 'node:fs'],
  ['shared/model/a.ts', 'shared/protocol/b.ts'],
  ['shared/model/a.ts', 'fastify'],
  ['shared/protocol/a.ts', 'shared/runtime/b.ts'],
  ['shared/runtime/a.ts', 'agent/b.ts'],
  ['shared/runtime/a.ts', 'fastify'],
  ['agent/a.ts', 'coordinator/b.ts'],
  ['agent/a.ts', 'agent/privileged/b.ts'],
  ['agent/observe/a.ts', 'agent/privileged/verbs/b.ts'],
  ['agent/a.ts', 'better-sqlite3'],
  ['agent/a.ts', 'nats'],
  ['agent/a.ts', 'test/support/b.ts'],
  ['agent/privileged/a.ts', 'agent/b.ts'],
  ['agent/privileged/a.ts', 'nats'],
  ['coordinator/a.ts', 'agent/b.ts'],
  ['coordinator/a.ts', 'packaging/b.ts'],
  ['coordinator/core/a.ts', 'shared/protocol/b.ts'],
  ['coordinator/core/a.ts', 'shared/runtime/b.ts'],
  ['coordinator/core/a.ts', 'coordinator/store/b.ts'],
  ['coordinator/core/a.ts', 'node:crypto'],
  ['coordinator/core/a.ts', 'typebox'],
  ['coordinator/store/a.ts', 'coordinator/core/b.ts'],
  ['coordinator/store/a.ts', 'coordinator/loop/b.ts'],
  ['coordinator/store/a.ts', 'shared/protocol/b.ts'],
  ['coordinator/loop/a.ts', 'better-sqlite3'],
  ['coordinator/loop/a.ts', 'fastify'],
  ['coordinator/api/a.ts', 'coordinator/link/b.ts'],
  ['coordinator/link/a.ts', 'coordinator/api/b.ts'],
  ['coordinator/cli/a.ts', 'coordinator/core/b.ts'],
  ['coordinator/api/a.ts', 'commander'],
  ['coordinator/a.ts', 'vitest'],
  ['packaging/a.ts', 'agent/b.ts'],
  ['packaging/a.ts', 'test/support/b.ts'],
  ['packaging/a.ts', 'agent/main.ts'],
  ['test/a.test.ts', 'coordinator/cli/main.ts'],
];
for (const [from, target] of forbidden) {
  test(`${from} may not import ${target}`, () => {
    expect(forbiddenIn(from, importOf(from, target))).toEqual([
      expect.stringContaining(`${from} imports ${target}`),
    ]);
  });
}

const allowed: Row[] = [
  ['shared/lib/a.ts', 'shared/lib/b.ts'],
  ['shared/lib/a.ts', 'node:crypto'],
  ['shared/model/a.ts', 'shared/lib/b.ts'],
  ['shared/model/a.ts', 'typebox'],
  ['shared/protocol/a.ts', 'shared/model/b.ts'],
  ['shared/runtime/a.ts', 'shared/protocol/b.ts'],
  ['shared/runtime/a.ts', 'nats'],
  ['agent/a.ts', 'agent/observe/b.ts'],
  ['agent/a.ts', 'shared/protocol/b.ts'],
  ['agent/privileged/a.ts', 'agent/privileged/verbs/b.ts'],
  ['agent/privileged/a.ts', 'fast-xml-parser'],
  ['coordinator/core/a.ts', 'coordinator/core/planning/b.ts'],
  ['coordinator/core/a.ts', 'shared/lib/b.ts'],
  ['coordinator/store/a.ts', 'better-sqlite3'],
  ['coordinator/api/a.ts', 'fastify'],
  ['coordinator/api/a.ts', 'coordinator/core/b.ts'],
  ['coordinator/cli/a.ts', 'commander'],
  ['coordinator/coordinator.ts', 'coordinator/api/b.ts'],
  ['packaging/demo/main.ts', 'test/lab/b.ts'],
  ['test/agent/a.test.ts', 'agent/privileged/b.ts'],
  ['test/a.test.ts', 'vitest'],
  ['vitest.config.ts', 'vitest'],
];
for (const [from, target] of allowed) {
  test(`${from} may import ${target}`, () => {
    expect(forbiddenIn(from, importOf(from, target))).toEqual([]);
  });
}

test('the store may take types, and types alone, from the core', () => {
  expect(forbiddenIn('coordinator/store/a.ts', "import type { B } from '../core/b.ts';")).toEqual([]);
});

test('a type import across the law is forbidden too, and so is a dynamic one', () => {
  expect(forbiddenIn('agent/a.ts', "import type { B } from '../coordinator/b.ts';")).toHaveLength(1);
  expect(forbiddenIn('agent/a.ts', "const b = () => import('../coordinator/b.ts');")).toHaveLength(1);
});

function forbiddenIn(path: string, text: string): string[] {
  return findForbiddenImports(parseTree({ [path]: text }));
}

/** The line that imports `target`, a file of the tree or a package, into the file `from`. */
function importOf(from: string, target: string): string {
  const path = relative(dirname(from), target);
  const specifier = target.endsWith('.ts') ? (path.startsWith('.') ? path : `./${path}`) : target;
  return `import { b } from '${specifier}';`;
}
