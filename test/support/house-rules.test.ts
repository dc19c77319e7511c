// Proof that each rule of the house can fail: a small tree that keeps them all, and for each rule a change that breaks it.
// What would break a rule here, in this very file, is put together from pieces.
import { expect, test } from 'vitest';
import { rules } from './house-rules.ts';
import { parseTree } from './source-tree.ts';

const good: Record<string, string> = {
  'package.json': JSON.stringify({ scripts: { test: 'node test/run.ts' }, dependencies: { typebox: '1' } }),
  'README.md': '# House\n',
  '.gitignore': 'node_modules/\n',
  'vitest.config.ts': '// Tests.\nexport default {};\n',
  'agent/README.md': '',
  'agent/main.ts': "// Starts.\nimport { agent } from './agent.ts';\nagent();\n",
  'agent/agent.ts': "// Runs.\nimport { Type } from 'typebox';\nexport const agent = () => Type;\n",
  'coordinator/README.md': '',
  'coordinator/main.ts': "// Starts.\nimport './core/add.ts';\n",
  'coordinator/core/add.ts': '// Adds.\nexport const add = (a: number) => a + 1;\n',
  'packaging/README.md': '',
  'packaging/set-up.sh': '#!/bin/sh\n# Sets up.\ntrue\n',
  'shared/README.md': '',
  'test/README.md': '',
  'test/run.ts': '// Runs.\n',
  'test/fresh.test.ts':
    "// Starts both.\nimport './support/start.ts';\nimport '../coordinator/core/add.ts';\n",
  'test/support/start.ts': "// Starts a program.\nexport const program = 'agent/main.ts';\n",
  'test/coordinator/main.test.ts': '// Mirrors.\n',
};

/** What `change` puts into the good tree, with null taking a file out, makes each rule say. */
function judge(change: Record<string, string | null>): Record<string, string[]> {
  const texts = Object.entries({ ...good, ...change }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const tree = parseTree(Object.fromEntries(texts));
  return Object.fromEntries(
    rules
      .map(({ name, find }): [string, string[]] => [name, find(tree)])
      .filter(([, found]) => found.length > 0),
  );
}

test('the good tree keeps every rule', () => {
  expect(judge({})).toEqual({});
});

const core = 'coordinator/core/add.ts';
const alive = 'agent/agent.ts';
const body = good[alive];
const breaks: [rule: string, change: Record<string, string | null>, found: string][] = [
  ['import law', { [alive]: `${body}import './main.ts';` }, `${alive} imports agent/main.ts`],
  ['named in package.json', { [alive]: `${body}import 'lodash';` }, `${alive}: lodash`],
  [
    'the core is pure',
    { [core]: '// Adds.\nexport const add = () => Date.now();' },
    `${core}: uses Date.now`,
  ],
  [
    'the core is pure',
    { [core]: '// Adds.\nexport const add = () => Math.random();' },
    `${core}: uses Math.random`,
  ],
  ['the core is pure', { [core]: '// Adds.\nawait 1;' }, `${core}: uses await`],
  ['the core is pure', { [core]: '// Adds.\nexport const add = new Date(0);' }, `${core}: uses new Date`],
  ['the core is pure', { [core]: '// Adds.\nconsole.log(1);' }, `${core}: uses console`],
  ['the core is pure', { [core]: '// Adds.\nexport const add = process.env;' }, `${core}: uses process`],
  [
    'are pure too',
    {
      'shared/lib/now.ts': '// Now.\nexport const now = () => Date.now();',
      [alive]: `${body}import '../shared/lib/now.ts';`,
      'test/shared/lib/now.test.ts': '// Mirrors.\n',
    },
    'shared/lib/now.ts: uses Date.now',
  ],
  ['longer than 300 lines', { [alive]: `${body}${'\n'.repeat(298)}` }, `${alive}: has 301 lines`],
  ['opens with a comment', { [alive]: body?.replace('// Runs.\n', '') ?? '' }, `${alive}: does not`],
  ['opens with a comment', { 'packaging/set-up.sh': '#!/bin/sh\ntrue\n' }, 'packaging/set-up.sh: does not'],
  ['no default exports', { [alive]: `${body}export default agent;` }, `${alive}: has one`],
  ...['agent/index.ts', 'agent/utils.ts', 'agent/helpers/one.ts', 'agent/base.test.ts'].map(
    (path): (typeof breaks)[number] => ['no name says nothing', { [path]: '// It.\n' }, path],
  ),
  ...['agent/readFile.ts', 'agent/read_file.ts', 'agent/Links/one.ts', 'agent/two--dashes.ts'].map(
    (path): (typeof breaks)[number] => ['kebab-case', { [path]: '// It.\n' }, path],
  ),
  ['left to do', { [alive]: `${body}// ${'TO'}${'DO'}: all of it\n` }, `${alive}: ${'TO'}${'DO'}`],
  ['left to do', { 'README.md': `${'FIX'}${'ME'}` }, `README.md: ${'FIX'}${'ME'}`],
  ["someone's machine", { 'README.md': `see ${'/ho'}me/ann/notes` }, `README.md: ${'/ho'}me/a`],
  ["someone's machine", { [alive]: `${body}// in ${'/ro'}ot/mortar\n` }, `${alive}: ${'/ro'}ot/m`],
  ['top level', { 'notes.txt': '' }, 'notes.txt'],
  ['top level', { 'scripts/one.sh': '#!/bin/sh\n# One.\n' }, 'scripts/'],
  ['README.md', { 'shared/README.md': null }, 'shared/README.md'],
  [
    'no file is dead',
    {
      'agent/left.ts': '// Left.\n',
      'test/agent/left.test.ts': "// Tests it.\nimport '../../agent/left.ts';\n",
    },
    'agent/left.ts',
  ],
  ['no file is dead', { 'test/support/left.ts': '// Left.\n' }, 'test/support/left.ts'],
  ['has a test', { 'test/coordinator/main.test.ts': null }, 'coordinator/main.ts'],
  ['has a test', { 'test/support/start.ts': '// Starts nothing.\n' }, alive],
];
for (const [rule, change, found] of breaks) {
  test(`"${rule}" fails on ${found}`, () => {
    const [name, lines] = Object.entries(judge(change)).find(([each]) => each.includes(rule)) ?? ['', []];
    expect(name).toContain(rule);
    expect(lines).toContainEqual(expect.stringContaining(found));
  });
}

test('every rule is broken by a row above', () => {
  const unbroken = rules.filter(({ name }) => !breaks.some(([rule]) => name.includes(rule)));
  expect(unbroken.map(({ name }) => name)).toEqual([]);
});
