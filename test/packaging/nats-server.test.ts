// The download itself is what `npm test` and `npm run check` do on a machine without nats-server; here are the choices.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findNatsServer } from '../../packaging/nats-server.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mortar-nats-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

async function program(path: string, mode = 0o755): Promise<string> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '#!/bin/sh\n');
  await chmod(file, mode);
  return file;
}

const places = () => ({ search: [join(root, 'first'), join(root, 'second')], cache: join(root, 'cache') });

test('the first nats-server on the way wins, and the cache comes last', async () => {
  const cached = await program('cache/usr/sbin/nats-server');
  expect(await findNatsServer(places())).toBe(cached);
  const second = await program('second/nats-server');
  expect(await findNatsServer(places())).toBe(second);
  const first = await program('first/nats-server');
  expect(await findNatsServer(places())).toBe(first);
});

test('a file that may not be executed is passed over', async () => {
  await program('first/nats-server', 0o644);
  const second = await program('second/nats-server');
  expect(await findNatsServer(places())).toBe(second);
});

test('PATH is searched when no places are given', async () => {
  const found = await program('bin/nats-server');
  vi.stubEnv('PATH', `${join(root, 'empty')}:${dirname(found)}`);
  expect(await findNatsServer()).toBe(found);
});

test('without apt-get the error says what to install, and nothing half-done stays', async () => {
  vi.stubEnv('PATH', join(root, 'empty'));
  const search = findNatsServer(places());
  await expect(search).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('apt-get install nats-server'),
  });
  await program('cache/usr/sbin/nats-server');
  expect(await findNatsServer(places())).toBe(join(root, 'cache/usr/sbin/nats-server'));
});
