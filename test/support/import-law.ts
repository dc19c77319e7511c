// Who may import whom: three tables that read as the design does, and the function that holds a tree against them.
// Tests stand outside: they may import everything but a main.ts.
import { type Import, isPackage, type Source, type SourceTree } from './source-tree.ts';

/**
 * What the files under `folder` (without those under `except`) may import: themselves, and what `only` names; never
 * what `never` names. A name is a folder, a file, a built-in, a package, `node:` (all built-ins), `npm:` (packages,
 * as far as `packageHomes` lets them), or `types of FOLDER` (by `import type` alone).
 */
type Law = { folder: string; except?: string; only?: string[]; never?: string[] };

const laws: Law[] = [
  { folder: 'shared/lib', only: ['node:crypto'] },
  { folder: 'shared/model', only: ['shared/lib', 'typebox'] },
  { folder: 'shared/protocol', only: ['shared/model', 'shared/lib', 'typebox', 'node:crypto'] },
  { folder: 'shared/runtime', only: ['shared', 'node:', 'npm:'] },
  { folder: 'agent', only: ['shared', 'node:', 'npm:'] },
  { folder: 'agent', except: 'agent/privileged', never: ['agent/privileged'] },
  { folder: 'agent/privileged', only: ['shared', 'node:', 'npm:'] },
  { folder: 'coordinator', only: ['shared', 'node:', 'npm:'] },
  { folder: 'coordinator/core', only: ['shared/model', 'shared/lib'] },
  {
    folder: 'coordinator/store',
    only: ['types of coordinator/core', 'shared/model', 'shared/lib', 'shared/runtime', 'node:', 'npm:'],
  },
  { folder: 'coordinator/loop', never: ['coordinator/api', 'coordinator/link'] },
  { folder: 'coordinator/api', never: ['coordinator/link'] },
  { folder: 'coordinator/link', never: ['coordinator/api'] },
  { folder: 'coordinator/cli', only: ['shared', 'node:', 'npm:'] },
  { folder: 'packaging', only: ['shared', 'test/lab', 'node:', 'npm:'] },
];

/** The packages that have one place in the house: everybody else reaches what they do through that place. */
const packageHomes: Record<string, string[]> = {
  '@fastify/swagger': ['coordinator/api'],
  '@fastify/type-provider-typebox': ['coordinator/api'],
  'better-sqlite3': ['coordinator/store'],
  commander: ['coordinator/cli'],
  esbuild: ['packaging'],
  fastify: ['coordinator/api'],
  nats: ['shared/runtime'],
  pino: ['shared/runtime'],
  'smol-toml': ['shared/runtime'],
  'systemd-notify': ['shared/runtime'],
};

/** Packages for tests and the making of Mortar, which no program of it may need. */
const toolPackages = ['vitest', 'fast-check', '@biomejs/biome', 'typescript'];

/** Every import that breaks the law, as `FILE imports TARGET`, and the law that it breaks. */
export function findForbiddenImports(tree: SourceTree): string[] {
  const found: string[] = [];
  for (const source of tree.sources.values()) {
    for (const target of source.imports) {
      const reason = reasonAgainst(source, target);
      if (reason !== null) found.push(`${source.path} imports ${target.to}: ${reason}`);
    }
  }
  return found;
}

function reasonAgainst({ path }: Source, target: Import): string | null {
  if (/(^|\/)main\.ts$/.test(target.to)) return 'nobody imports a main.ts';
  if (isIn(path, 'test') || !path.includes('/')) return null;
  if (toolPackages.includes(target.to)) return 'that is for tests';
  const homes = packageHomes[target.to];
  if (homes !== undefined && !homes.some((home) => isIn(path, home))) return `only ${homes.join(', ')} may`;
  for (const { folder, except, only, never } of laws) {
    if (!isIn(path, folder) || (except !== undefined && isIn(path, except))) continue;
    if (never?.some((name) => isNamed(target, name))) return `${folder} never does`;
    if (only !== undefined && ![folder, ...only].some((name) => isNamed(target, name))) {
      return `${folder} imports only itself and ${only.join(', ')}`;
    }
  }
  return null;
}

function isNamed({ to, isType }: Import, name: string): boolean {
  if (name === 'node:') return to.startsWith('node:');
  if (name === 'npm:') return isPackage(to);
  if (name.startsWith('types of ')) return isType && isIn(to, name.slice('types of '.length));
  return isIn(to, name);
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
