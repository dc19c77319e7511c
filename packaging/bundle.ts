// npm run bundle [-- DIRECTORY]: bundles each program into one file, as the packages carry it: less memory and a quicker start than many files of
// TypeScript, and nothing beside it that could be missing.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes agent.mjs and privileged.mjs, with their source maps, into `outDirectory` (made when it is not there). */
export async function bundleAgent(outDirectory: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { agent: 'agent/main.ts', privileged: 'agent/privileged/main.ts' },
    outdir: outDirectory,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // pino and nats load parts of themselves with require.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    outExtension: { '.js': '.mjs' },
    sourcemap: true,
    logLevel: 'error',
  });
}

if (import.meta.main) await bundleAgent(resolve(process.argv[2] ?? 'dist'));
