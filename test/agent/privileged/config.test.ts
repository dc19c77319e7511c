// The configuration as this process reads it: its own part of a file that is whole.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPrivilegedConfig } from '../../../agent/privileged/config.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortar-config-'));
  path = join(directory, 'agent.toml');
});
afterEach(() => rm(directory, { recursive: true }));

test('it has a directory of its own in the state directory', async () => {
  await writeFile(path, 'state_directory = "/srv/mortar"\n[nats]\nservers = ["nats://bus"]\n');
  expect(await readPrivilegedConfig(path, 'Gluster1')).toEqual({
    server: 'gluster1',
    publicKeyPath: '/etc/mortar/coordinator.pub',
    socket: '/run/mortar/privileged.sock',
    stateDirectory: '/srv/mortar/privileged',
    logLevel: 'info',
  });
});

test('a part that only the other process needs is checked too', async () => {
  await writeFile(path, '[nats]\nservers = ["nats://bus"]\n[[slots]]\npath = "b1"\n');
  await expect(readPrivilegedConfig(path)).rejects.toThrow(/line 4: .*path/);
});

test('what no schema can say is checked too', async () => {
  await writeFile(path, '[nats]\nservers = ["nats://bus"]\n[[slots]]\npath = "/b"\n[[slots]]\npath = "/b"\n');
  await expect(readPrivilegedConfig(path)).rejects.toThrow(/the slot \/b is there twice/);
});

test('a host name that cannot be a server’s has to be replaced by a name', async () => {
  await writeFile(path, '[nats]\nservers = ["nats://bus"]\n');
  await expect(readPrivilegedConfig(path, 'my_host')).rejects.toMatchObject({ code: 'bad-config' });
});

test('without a file it does not start', async () => {
  await expect(readPrivilegedConfig(path)).rejects.toMatchObject({ code: 'bad-config' });
});
