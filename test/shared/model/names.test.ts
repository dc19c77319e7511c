// What is a name and what is an option, a path that climbs or a second line. Root runs commands with these.
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import {
  AbsolutePath,
  PeerUuid,
  PlanId,
  ServerName,
  VolumeId,
  VolumeName,
} from '../../../shared/model/names.ts';

const uuid = '5e3bd7a4-1d0d-4b1f-9f0c-0a1b2c3d4e5f';

const names = [
  {
    kind: 'a server’s name',
    schema: ServerName,
    good: ['g', 'gluster1', 'gluster1.example.com', '10.0.0.1', 'a-b.c', 'x'.repeat(253)],
    bad: [
      '',
      '-a',
      'a-',
      '.a',
      'a.',
      'A',
      'a b',
      'a\n',
      'a\nb',
      'a/b',
      'a:b',
      'a_b',
      'ä',
      '*',
      '>',
      'x'.repeat(254),
    ],
  },
  {
    kind: 'a peer’s UUID',
    schema: PeerUuid,
    good: [uuid],
    bad: ['', uuid.toUpperCase(), `${uuid}\n`, ` ${uuid}`, uuid.replaceAll('-', ''), `${uuid}0`],
  },
  { kind: 'a volume’s id', schema: VolumeId, good: [uuid], bad: ['', 'vol1', `{${uuid}}`] },
  {
    kind: 'a volume’s name',
    schema: VolumeName,
    good: ['v', 'vol1', 'Vol_1-a', '_x', '1', 'x'.repeat(63)],
    bad: ['', '-v', '--mode=script', 'a b', 'a.b', 'a/b', '../x', 'vol1\n', 'a\nb', 'ä', 'x'.repeat(64)],
  },
  {
    kind: 'an absolute path',
    schema: AbsolutePath,
    good: [
      '/',
      '/a',
      '/bricks/b1/vol1',
      '/with space',
      '/.hidden',
      '/..x',
      '/...',
      '/ä',
      `/${'x'.repeat(4095)}`,
    ],
    bad: [
      '',
      'a',
      './a',
      '/a/',
      '//',
      '//a',
      '/a//b',
      '/..',
      '/a/..',
      '/a/../b',
      '/.',
      '/a/.',
      '/a/./b',
      '/a\n',
      '/a\nb',
      '\n/a',
      '/a\u0000b',
      '/a\tb',
      '/a\u007f',
      `/${'x'.repeat(4096)}`,
    ],
  },
  {
    kind: 'a plan’s id',
    schema: PlanId,
    good: ['grow-vol1-20261121T101500Z', 'grow-a_b-1'],
    bad: ['', 'grow', 'Grow-a', 'grow-', 'grow-a/b', 'grow-a.b', 'grow-a\n', 'grow-a b'],
  },
];

describe.each(names)('$kind', ({ schema, good, bad }) => {
  test.each(good)('%j is one', (name) => {
    expect(Value.Check(schema, name)).toBe(true);
  });

  test.each(bad)('%j is none', (name) => {
    expect(Value.Check(schema, name)).toBe(false);
  });

  test.each([null, undefined, 3, [], {}, true])('%j is none', (value) => {
    expect(Value.Check(schema, value)).toBe(false);
  });
});
