// Every mistake in a configuration is answered with its line, its key and what is allowed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Nullable, OneOf } from '../../../shared/model/schema.ts';
import { parseConfig, readConfigFile } from '../../../shared/runtime/config-file.ts';

const schema = Type.Object({
  server: Type.String({ pattern: '^[a-z0-9.-]+$', description: 'a host name in lower case' }),
  level: Type.Unsafe<string>({ ...OneOf(['debug', 'info']), default: 'info' }),
  nats: Type.Object(
    {
      url: Nullable(Type.String({ minLength: 1, default: 'nats://127.0.0.1:4222' })),
      port: Type.Integer({ minimum: 1, maximum: 65535, default: 4222 }),
      retries: Type.Optional(Type.Integer({ minimum: 0 })),
    },
    { default: {} },
  ),
  slots: Type.Array(Type.Object({ path: Type.String(), tags: Type.Array(Type.String(), { default: [] }) }), {
    default: [],
  }),
  labels: Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.String(), { default: {} }),
});

const wrong = [
  [
    'an unknown key',
    'server = "a"\ncolour = "red"',
    'line 2: unknown key colour; allowed here: server, level, nats, slots, labels',
  ],
  [
    'an unknown key in a table',
    'server = "a"\n\n[nats]\nuri = "x"',
    'line 4: unknown key nats.uri; allowed in nats: url, port, retries',
  ],
  [
    'an unknown table',
    'server = "a"\n# a comment\n[natz]\nurl = "x"',
    'line 3: unknown key natz; allowed here: server, level, nats, slots, labels',
  ],
  [
    'an unknown dotted key',
    'server = "a"\nnats.uri = "x"',
    'line 2: unknown key nats.uri; allowed in nats: url, port, retries',
  ],
  [
    'an unknown key in the second of an array',
    'server = "a"\n[[slots]]\npath = "/a"\n[[slots]]\npath = "/b"\nsize = 3',
    'line 6: unknown key slots[1].size; allowed in slots[1]: path, tags',
  ],
  [
    'an unknown key in an inline table',
    'server = "a"\nslots = [\n  { path = "/a" },\n  { path = "/b", size = 3 },\n]',
    'line 4: unknown key slots[1].size; allowed in slots[1]: path, tags',
  ],
  [
    'a key that looks like a prototype',
    'server = "a"\n"__proto__" = 1',
    'line 2, column 1: this is no TOML: ',
  ],
  ['a wrong type', 'server = 3', 'line 1: server must be a host name in lower case'],
  ['a date', 'server = 1979-05-27', 'line 1: server must be a host name in lower case'],
  [
    'a value that is not in the list',
    'server = "a"\nlevel = "loud"',
    'line 2: level must be "debug" or "info"',
  ],
  [
    'a number out of range',
    'server = "a"\n[nats]\nport = 70000',
    'line 3: nats.port must be a whole number from 1 to 65535',
  ],
  [
    'a fraction',
    'server = "a"\nnats.retries = 1.5',
    'line 2: nats.retries must be a whole number, 0 or more',
  ],
  ['a missing key', 'level = "info"', 'server is missing; it must be a host name in lower case'],
  [
    'a missing key in an element',
    'server = "a"\n[[slots]]\ntags = []',
    'line 2: slots[0].path is missing; it must be a string',
  ],
  [
    'a table where a value belongs',
    'server = "a"\n[level]\na = 1',
    'line 2: level must be "debug" or "info"',
  ],
  ['a value where a table belongs', 'server = "a"\nnats = 3', 'line 2: nats must be a table'],
  [
    'an element of the wrong type',
    'server = "a"\n[[slots]]\npath = "/a"\ntags = [\n  "x",\n  3,\n]',
    'line 6: slots[0].tags[1] must be a string',
  ],
  ['a record with a key that does not fit', 'server = "a"\n[labels]\nA1 = "x"', 'line 3: '],
  [
    'two mistakes',
    'server = 1\nlevel = 2',
    'line 1: server must be a host name in lower case; line 2: level must be "debug" or "info"',
  ],
  ['text that is no TOML', 'server = "a"\nlevel = = "info"', 'line 2, column 9: this is no TOML: '],
  ['a key given twice', 'server = "a"\nserver = "b"', 'line 2, column 1: this is no TOML: '],
] as const;

describe('parseConfig', () => {
  test.each(wrong)('%s is refused with its line', (_, text, sentence) => {
    expect(() => parseConfig('/etc/mortar/agent.toml', text, schema)).toThrow(
      expect.objectContaining({
        code: 'bad-config',
        message: expect.stringContaining(`/etc/mortar/agent.toml: ${sentence}`),
      }),
    );
  });

  test('fills in the defaults, in tables and in the elements of arrays, too', () => {
    const text = 'server = "g1"\n[[slots]]\npath = "/bricks/b1"\n[labels]\nzone = "r1"\n';
    expect(parseConfig('x', text, schema)).toEqual({
      server: 'g1',
      level: 'info',
      nats: { url: 'nats://127.0.0.1:4222', port: 4222 },
      slots: [{ path: '/bricks/b1', tags: [] }],
      labels: { zone: 'r1' },
    });
  });

  test('a file with many mistakes names five and counts the rest', () => {
    const text = `server = "a"\n${Array.from({ length: 9 }, (_, index) => `x${index} = 1`).join('\n')}`;
    expect(() => parseConfig('x', text, schema)).toThrow(/line 6: unknown key x4;.*; and 4 more$/);
  });
});

describe('readConfigFile', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mortar-config-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('reads a file', async () => {
    const path = join(directory, 'agent.toml');
    await writeFile(path, 'server = "g1"');
    expect(await readConfigFile(path, schema, { name: 'mortar-agent' })).toMatchObject({ server: 'g1' });
  });

  test.each([
    ['a missing file', 'missing.toml', 'bad-config'],
    ['a directory', '.', 'bad-config'],
  ])('%s is refused and named', async (_, name, code) => {
    const path = join(directory, name);
    const reading = readConfigFile(path, schema, { name: 'mortar-agent' });
    await expect(reading).rejects.toMatchObject({
      code,
      message: 'the configuration of mortar-agent cannot be read',
      cause: { message: `cannot read ${path}` },
    });
  });

  test('a file that is too big is refused without being parsed', async () => {
    const path = join(directory, 'big.toml');
    await writeFile(path, '#'.repeat(2 * 1024 * 1024));
    await expect(readConfigFile(path, schema, { name: 'x' })).rejects.toMatchObject({
      cause: { code: 'too-large' },
    });
  });
});
