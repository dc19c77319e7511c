// The trees here exist in memory alone; the names of their files are made up.
import { expect, test } from 'vitest';
import { parseTree, reach, type Source } from './source-tree.ts';

function parse(text: string): Source {
  const source = parseTree({ 'a/b/c.ts': text }).sources.get('a/b/c.ts');
  if (source === undefined) throw new Error('a/b/c.ts was not parsed');
  return source;
}

const imports: { name: string; text: string; to: string; isType?: boolean }[] = [
  { name: 'a named import', text: "import { x } from './x.ts';", to: 'a/b/x.ts' },
  { name: 'an import for its effect', text: "import '../x.ts';", to: 'a/x.ts' },
  { name: 'a default import', text: "import x from '../../d/x.ts';", to: 'd/x.ts' },
  { name: 'an import over several lines', text: "import {\n  x,\n  y,\n} from './x.ts';", to: 'a/b/x.ts' },
  { name: 'an export from', text: "export { x } from './x.ts';", to: 'a/b/x.ts' },
  { name: 'an export of all', text: "export * from './x.ts';", to: 'a/b/x.ts' },
  { name: 'a dynamic import', text: "const x = () => import('./x.ts');", to: 'a/b/x.ts' },
  { name: 'a type import', text: "import type { X } from './x.ts';", to: 'a/b/x.ts', isType: true },
  {
    name: 'an import of types alone',
    text: "import { type X, type Y } from './x.ts';",
    to: 'a/b/x.ts',
    isType: true,
  },
  { name: 'an import of a type and a value', text: "import { type X, y } from './x.ts';", to: 'a/b/x.ts' },
  { name: 'a type export', text: "export type { X } from './x.ts';", to: 'a/b/x.ts', isType: true },
  { name: 'a type in place', text: "type X = import('./x.ts').X;", to: 'a/b/x.ts', isType: true },
  { name: 'a built-in', text: "import { join } from 'node:path';", to: 'node:path' },
  {
    name: 'a built-in with a path',
    text: "import { readFile } from 'node:fs/promises';",
    to: 'node:fs/promises',
  },
  { name: 'a package', text: "import { x } from 'pack';", to: 'pack' },
  { name: 'a part of a package', text: "import { x } from 'pack/part';", to: 'pack' },
  { name: 'a part of a scoped package', text: "import { x } from '@scope/pack/part';", to: '@scope/pack' },
];
for (const { name, text, to, isType = false } of imports) {
  test(`${name} is an import`, () => {
    expect(parse(text).imports).toEqual([{ to, isType }]);
  });
}

test('an import in a comment or in a string is none', () => {
  expect(parse(`// import x from './x.ts';\nconst s = "import x from './x.ts';";`).imports).toEqual([]);
});

const uses: { text: string; use: string; isUsed: boolean }[] = [
  { text: 'const x = Date.now();', use: 'Date.now', isUsed: true },
  { text: 'const x = new Date(0);', use: 'new Date', isUsed: true },
  { text: 'const x = async () => { await y; };', use: 'await', isUsed: true },
  { text: 'const x = async () => { for await (const z of y) z(); };', use: 'await', isUsed: true },
  { text: "console.log('x');", use: 'console', isUsed: true },
  { text: 'const { env } = process;', use: 'process', isUsed: true },
  { text: 'const x = { process };', use: 'process', isUsed: true },
  { text: 'const x = brick.process;', use: 'process', isUsed: false },
  { text: 'const x = { process: 1 };', use: 'process', isUsed: false },
  { text: 'type X = { process: number };', use: 'process', isUsed: false },
  { text: "// process\nconst x = 'process';", use: 'process', isUsed: false },
  { text: 'const x = clock.now();', use: 'Date.now', isUsed: false },
];
for (const { text, use, isUsed } of uses) {
  test(`${JSON.stringify(text)} ${isUsed ? 'uses' : 'does not use'} ${use}`, () => {
    expect(parse(text).uses.has(use)).toBe(isUsed);
  });
}

test('both ways to write a default export are seen', () => {
  expect(parse('export default 1;').hasDefaultExport).toBe(true);
  expect(parse('const x = 1; export { x as default };').hasDefaultExport).toBe(true);
  expect(parse('export const x = 1;').hasDefaultExport).toBe(false);
});

test('a file that does not parse is named', () => {
  expect(() => parse('const = 1;')).toThrow('a/b/c.ts does not parse');
});

test('reaching follows imports, types and named files, in circles too, and nothing else', () => {
  const tree = parseTree({
    'a/start.ts': "import { one } from './one.ts'; import 'pack';",
    'a/one.ts': "import type { Two } from '../b/two.ts';",
    'b/two.ts': "import '../a/start.ts'; const worker = new URL('./worker.ts', import.meta.url);",
    'b/worker.ts': "const program = 'c/program.ts';",
    'c/program.ts': '',
    'c/lonely.ts': "import '../a/start.ts';",
  });
  const all = ['a/one.ts', 'a/start.ts', 'b/two.ts', 'b/worker.ts', 'c/program.ts'];
  expect([...reach(tree, ['a/start.ts', 'not/there.ts'])].sort()).toEqual(all);
});
