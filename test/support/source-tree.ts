// The tree as data for the rules of the house: every text file, and of every .ts file what it imports and uses.
// The parser is the one that vitest itself runs on, so what counts as an import is not guessed from the text.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { parseAst } from 'vitest/node';

/** `to` is a path of the tree (`shared/lib/errors.ts`), a built-in (`node:fs`) or a package (`@fastify/swagger`). */
export type Import = { to: string; isType: boolean };

/** `mentions` are the string literals, in which programs and workers are named; `uses` are global names and `await`. */
export type Source = {
  path: string;
  text: string;
  imports: Import[];
  mentions: string[];
  uses: Set<string>;
  hasDefaultExport: boolean;
};

/** All paths are relative to the root, with slashes. */
export type SourceTree = { texts: Map<string, string>; sources: Map<string, Source> };

/** The files of the tree under `root` with their text, without what is generated, fetched or captured. */
export async function readTexts(root: string): Promise<Record<string, string>> {
  const isLeftOut = /^(\.git|\.cache|node_modules|dist|test\/fixtures)$|\.log$/;
  const texts: Record<string, string> = {};
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (isLeftOut.test(path)) continue;
      if (entry.isDirectory()) await walk(path);
      // A link or a socket has no text of its own, but it is there.
      else texts[path] = entry.isFile() ? await readFile(join(root, path), 'utf8') : '';
    }
  };
  await walk('');
  return texts;
}

/** Parses the .ts files among `texts` (path to text). A file that does not parse is a SyntaxError that names it. */
export function parseTree(texts: Record<string, string>): SourceTree {
  const all = Object.entries(texts);
  const sources = all.filter(([path]) => path.endsWith('.ts')).map(([path, text]) => parseSource(path, text));
  return { texts: new Map(all), sources: new Map(sources.map((source) => [source.path, source])) };
}

/** The paths that the entries reach by imports of any kind, or by naming a file in a string; the entries included. */
export function reach(tree: SourceTree, entries: Iterable<string>): Set<string> {
  const reached = new Set<string>();
  const open = [...entries];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const source = tree.sources.get(path);
    if (source === undefined || reached.has(path)) continue;
    reached.add(path);
    open.push(...source.imports.map(({ to }) => to), ...filesNamedIn(source));
  }
  return reached;
}

/** A string may name a file relative to its own, as in `new URL('./worker.ts', …)`, or to the root. */
function filesNamedIn({ path, mentions }: Source): string[] {
  const names = mentions.filter((mention) => mention.endsWith('.ts'));
  return names.flatMap((name) => [normalize(join(dirname(path), name)), normalize(name)]);
}

/** Whether an import's target is a package: a file of the tree ends in what it is, and a built-in begins with `node:`. */
export function isPackage(target: string): boolean {
  return !target.startsWith('node:') && !/\.(ts|json)$/.test(target);
}

type Node = { type: string; [key: string]: unknown };

function parseSource(path: string, text: string): Source {
  const source: Source = { path, text, imports: [], mentions: [], uses: new Set(), hasDefaultExport: false };
  try {
    visit(parseAst(text, { lang: 'ts' }) as unknown as Node, source);
  } catch (cause) {
    throw new SyntaxError(`${path} does not parse`, { cause });
  }
  return source;
}

function visit(node: Node, source: Source): void {
  note(node, source);
  for (const [key, value] of Object.entries(node)) {
    if (isName(node, key)) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, source);
  }
}

function note(node: Node, source: Source): void {
  const from = literalOf(node.source);
  if (from !== null) source.imports.push(importOf(node, source.path, from));
  if (node.type === 'ExportDefaultDeclaration' || nameOf(node.exported) === 'default') {
    source.hasDefaultExport = true;
  }
  if (typeof node.value === 'string' && from === null) source.mentions.push(node.value);
  if (node.type === 'AwaitExpression' || node.await === true) source.uses.add('await');
  if (node.type === 'Identifier') source.uses.add(String(node.name));
  if (node.type === 'NewExpression') source.uses.add(`new ${nameOf(node.callee)}`);
  if (node.type === 'MemberExpression') source.uses.add(`${nameOf(node.object)}.${nameOf(node.property)}`);
}

function importOf(node: Node, path: string, from: string): Import {
  const specifiers = Array.isArray(node.specifiers) ? node.specifiers : [];
  return {
    to: from.startsWith('.') ? normalize(join(dirname(path), from)) : packageOf(from),
    isType: isTypeOnly(node) || (specifiers.length > 0 && specifiers.every(isTypeOnly)),
  };
}

function isTypeOnly({ type, importKind, exportKind }: Node): boolean {
  return type === 'TSImportType' || importKind === 'type' || exportKind === 'type';
}

/** `typebox/value` belongs to the package typebox, and `@fastify/swagger/x` to @fastify/swagger. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Whether the identifier under `key` is a mere name, such as `now` in `x.now` or in `{ now: 1 }`, and no use of a variable. */
function isName(node: Node, key: string): boolean {
  return (key === 'property' || key === 'key') && node.computed !== true;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function literalOf(value: unknown): string | null {
  return isNode(value) && typeof value.value === 'string' ? value.value : null;
}

function nameOf(value: unknown): string | null {
  return isNode(value) && typeof value.name === 'string' ? value.name : null;
}
