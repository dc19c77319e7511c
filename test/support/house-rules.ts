// The rules of the house beside the import law: form, names, places, purity, and nothing dead or untested. Each rule
// takes the tree and answers with what breaks it, one line each.
import { findForbiddenImports } from './import-law.ts';
import { isPackage, reach, type Source, type SourceTree } from './source-tree.ts';

export type Rule = { name: string; find: (tree: SourceTree) => string[] };

const folders = ['agent', 'coordinator', 'shared', 'packaging', 'test'];
const rootFiles = [
  'package.json',
  'README.md',
  'LICENSE',
  'package-lock.json',
  'tsconfig.json',
  'biome.json',
];
const vitestConfig = 'vitest.config.ts';

const maxLines = 300;
const bannedNames = 'index utils util helpers helper common manager service base misc'.split(' ');

/** What would let the clock, chance or the world into the pure parts. */
const impure = [
  ...['Date.now', 'new Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ...['Math.random', 'randomBytes', 'randomInt', 'randomUUID', 'crypto'],
  ...['console', 'process', 'fetch', 'globalThis'],
];

// In pieces, so that this file does not break the rule that it holds.
const unfinished = /\b(TOD[O]|FIXM[E]|XX[X])\b/;
const someonesMachine = /(?<![\w.}~-])\/(home|Users|root|work)\/[\w.]/;

export const rules: Rule[] = [
  { name: 'every import is allowed by the import law', find: findForbiddenImports },
  { name: 'every imported package is named in package.json', find: findUnnamedPackages },
  {
    name: 'the core is pure: no clock, no chance, no await, no output',
    find: (tree) => findUses(tree, ['coordinator/core'], ['await', ...impure]),
  },
  {
    name: 'model, protocol and lib are pure too',
    find: (tree) => findUses(tree, ['shared/model', 'shared/protocol', 'shared/lib'], impure),
  },
  {
    name: `no file is longer than ${maxLines} lines`,
    find: eachSource(({ text }) => (countLines(text) > maxLines ? `has ${countLines(text)} lines` : null)),
  },
  {
    name: 'every file opens with a comment',
    find: eachScript((text) => (opensWithComment(text) ? null : 'does not')),
  },
  {
    name: 'there are no default exports',
    find: eachSource(({ path, hasDefaultExport }) =>
      hasDefaultExport && path !== vitestConfig ? 'has one' : null,
    ),
  },
  { name: 'no name says nothing', find: eachName((name) => bannedNames.includes(name.split('.')[0] ?? '')) },
  { name: 'names are kebab-case', find: eachName((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.\w+)*$/.test(name)) },
  { name: 'nothing is left to do in comments', find: eachText((text) => unfinished.exec(text)?.[0] ?? null) },
  {
    name: "no text names a place on someone's machine",
    find: eachText((text) => someonesMachine.exec(text)?.[0] ?? null),
  },
  { name: 'the top level has what the design says, and no more', find: findStrangersAtTop },
  { name: 'each folder at the top has a README.md', find: findMissingReadmes },
  {
    name: 'no file is dead: a program reaches it, or for what is under test/ a test does',
    find: findDead,
  },
  { name: 'every source has a test at its mirrored path, or is reached by one', find: findUntested },
];

function findUnnamedPackages({ texts, sources }: SourceTree): string[] {
  const { dependencies, devDependencies } = JSON.parse(texts.get('package.json') ?? '{}');
  const named = { ...dependencies, ...devDependencies };
  return [...sources.values()].flatMap(({ path, imports }) =>
    imports.filter(({ to }) => isPackage(to) && !(to in named)).map(({ to }) => `${path}: ${to}`),
  );
}

function findUses({ sources }: SourceTree, where: string[], banned: string[]): string[] {
  const inside = [...sources.values()].filter(({ path }) =>
    where.some((folder) => path.startsWith(`${folder}/`)),
  );
  return inside.flatMap(({ path, uses }) =>
    banned.filter((name) => uses.has(name)).map((name) => `${path}: uses ${name}`),
  );
}

function findStrangersAtTop({ texts }: SourceTree): string[] {
  const top = new Set(
    [...texts.keys()].map((path) => (path.includes('/') ? `${path.split('/')[0]}/` : path)),
  );
  const known = [...folders.map((folder) => `${folder}/`), ...rootFiles, vitestConfig];
  return [...top].filter((name) => !name.startsWith('.') && !known.includes(name));
}

function findMissingReadmes({ texts }: SourceTree): string[] {
  return folders.map((folder) => `${folder}/README.md`).filter((path) => !texts.has(path));
}

function findDead(tree: SourceTree): string[] {
  const programs = programsOf(tree);
  const live = reach(tree, programs);
  const liveInTest = reach(tree, [...programs, ...testsOf(tree)]);
  return modulesOf(tree).filter((path) => !(path.startsWith('test/') ? liveInTest : live).has(path));
}

function findUntested(tree: SourceTree): string[] {
  const tested = reach(tree, testsOf(tree));
  const isMirrored = (path: string): boolean => tree.sources.has(`test/${path.replace(/\.ts$/, '.test.ts')}`);
  const owed = modulesOf(tree).filter((path) => path.includes('/') && !path.startsWith('test/'));
  return owed.filter((path) => !tested.has(path) && !isMirrored(path));
}

/** The sources that run. A .d.ts only tells the compiler about a package, and nobody imports it. */
function modulesOf({ sources }: SourceTree): string[] {
  return [...sources.keys()].filter((path) => !path.endsWith('.d.ts'));
}

/** Where running begins: each main.ts, the files that package.json names, and vitest's configuration. */
function programsOf({ texts, sources }: SourceTree): string[] {
  const named = texts.get('package.json')?.match(/[\w./-]+\.ts\b/g) ?? [];
  const mains = [...sources.keys()].filter((path) => /(^|\/)main\.ts$/.test(path));
  return [...named, ...mains, vitestConfig];
}

function testsOf({ sources }: SourceTree): string[] {
  return [...sources.keys()].filter((path) => path.startsWith('test/') && path.endsWith('.test.ts'));
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function opensWithComment(text: string): boolean {
  return /^(\/\/|\/\*|#)/.test(text.replace(/^#!.*\n/, ''));
}

function eachSource(judge: (source: Source) => string | null): Rule['find'] {
  return ({ sources }) => [...sources.values()].flatMap((source) => line(source.path, judge(source)));
}

/** Programs in other languages are held to the same form: what ends in .ts or .sh. */
function eachScript(judge: (text: string) => string | null): Rule['find'] {
  return ({ texts }) =>
    [...texts].filter(([path]) => /\.(ts|sh)$/.test(path)).flatMap(([path, text]) => line(path, judge(text)));
}

/** All texts but the lock file, which nobody writes. */
function eachText(judge: (text: string) => string | null): Rule['find'] {
  return ({ texts }) =>
    [...texts]
      .filter(([path]) => path !== 'package-lock.json')
      .flatMap(([path, text]) => line(path, judge(text)));
}

/** Folders and scripts; other files carry the names that their readers ask for (README.md, LICENSE). */
function eachName(isBad: (name: string) => boolean): Rule['find'] {
  const namesIn = (path: string): string[] =>
    path.split('/').filter((name, at, all) => at < all.length - 1 || /\.(ts|sh)$/.test(name));
  return ({ texts }) =>
    [...texts.keys()].filter((path) => !path.startsWith('.') && namesIn(path).some(isBad));
}

function line(path: string, judgement: string | null): string[] {
  return judgement === null ? [] : [`${path}: ${judgement}`];
}
