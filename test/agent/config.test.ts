// The configuration as people write it, and what is said when it is wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAgentConfig } from '../../agent/config.ts';

const bus = '[nats]\nservers = ["nats://127.0.0.1:4222"]\n';
let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mortar-config-'));
  path = join(directory, 'agent.toml');
});
afterEach(() => rmSync(directory, { recursive: true }));

function read(text: string, hostName = 'Gluster1') {
  writeFileSync(path, text);
  return readAgentConfig(path, hostName);
}

test('the shortest configuration names the bus; the server has its host name in lower case', async () => {
  expect(await read(bus)).toMatchObject({
    name: 'gluster1',
    slots: [],
    zone: null,
    natsServers: ['nats://127.0.0.1:4222'],
  });
});

test('a slot may lie below its mount point', async () => {
  const { slots } = await read(
    `${bus}[[slots]]\npath = "/bricks/b1/slots"\nmount = "/bricks/b1"\ntags = ["fast"]\n`,
  );
  expect(slots).toEqual([{ path: '/bricks/b1/slots', mountPoint: '/bricks/b1', tags: ['fast'] }]);
});

test.each([
  ['an unknown key', `${bus}[[slots]]\npath = "/b"\nmout = "/b"\n`, /agent\.toml: line 5: .*mout/],
  ['an unknown key at the top', `nmae = "x"\n${bus}`, /line 1: .*nmae/],
  ['a relative path', `${bus}[[slots]]\npath = "b"\n`, /line 4: /],
  ['a path that climbs', `${bus}[[slots]]\npath = "/b/../etc"\n`, /line 4: /],
  ['a number for a path', `${bus}[[slots]]\npath = 1\n`, /line 4: /],
  ['no bus', 'name = "gluster1"\n', /nats/],
  [
    'the same slot twice',
    `${bus}[[slots]]\npath = "/b"\n[[slots]]\npath = "/b"\n`,
    /the slot \/b is there twice/,
  ],
  [
    'a slot beside its mount',
    `${bus}[[slots]]\npath = "/b"\nmount = "/c"\n`,
    /the slot \/b is not below its mount \/c/,
  ],
  ['a name with a space', `name = "my server"\n${bus}`, /line 1: /],
])('%s is said, and there is no configuration', async (_, text, sentence) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'bad-config',
    message: expect.stringMatching(sentence),
  });
});

test('a host name that can be no server name is said to need a name in the file', async () => {
  await expect(read(bus, 'my_server')).rejects.toThrow(/the host name "my_server" cannot be .*; set name to/);
});
