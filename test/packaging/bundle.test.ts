// The bundles run by themselves: far from node_modules, both programs start and read their configuration.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleAgent } from '../../packaging/bundle.ts';

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mortar-bundle-'));
  await bundleAgent(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

test.each(['agent', 'privileged'])(
  '%s.mjs starts, and says what is wrong with its configuration',
  async (name) => {
    const config = join(directory, 'agent.toml');
    writeFileSync(config, '[nats]\nservers = ["nats://127.0.0.1:4222"]\nurl = "x"\n');
    const child = spawn(process.execPath, [join(directory, `${name}.mjs`), '--config', config], { cwd: '/' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const [code] = await once(child, 'close');
    expect(output).toMatch(/agent\.toml: line 3: .*nats\.url/);
    expect(code).toBe(78);
  },
);
