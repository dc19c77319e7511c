// Shapes, bricks and options of real volumes, and lists that do not agree with their counts.
import { describe, expect, it } from 'vitest';
import { parseVolumeInfo } from '../../../../agent/privileged/gluster/parse-volume-info.ts';
import { readFixture, versions } from './fixtures.ts';

describe.each(versions)('volume info of GlusterFS %s', (version) => {
  it('is an empty list where there is no volume', () => {
    expect(parseVolumeInfo(readFixture(version, 'volume-info-none.xml'))).toEqual([]);
  });

  it('lists every volume with its shape', () => {
    const volumes = parseVolumeInfo(readFixture(version, 'volume-info.xml'));
    const shapes = volumes.map(({ name, bricks, ...more }) => [
      name,
      bricks.length,
      more.replicaCount,
      more.arbiterCount,
      more.disperseCount,
      more.redundancyCount,
    ]);
    expect(shapes).toEqual([
      ['arb', 3, 3, 1, 0, 0],
      ['disp', 3, 1, 0, 3, 1],
      ['dist', 2, 1, 0, 0, 0],
      ['rep', 3, 3, 0, 0, 0],
    ]);
  });

  it('names bricks by host and path, joins them to servers by UUID, and marks the arbiter', () => {
    const arbiter = parseVolumeInfo(readFixture(version, 'volume-info.xml')).find(
      ({ name }) => name === 'arb',
    );
    const self = /UUID=(.*)/.exec(readFixture(version, 'glusterd.info'))?.[1];
    expect(arbiter?.bricks).toEqual([
      { host: 'fx1', path: '/b/c/arb', hostUuid: self, isArbiter: false },
      { host: 'fx2', path: '/b/c/arb', hostUuid: expect.any(String), isArbiter: false },
      { host: 'fx3', path: '/b/c/arb', hostUuid: expect.any(String), isArbiter: true },
    ]);
  });

  it.each([
    ['volume-info-created.xml', 'created'],
    ['volume-info-one.xml', 'started'],
    ['volume-info-stopped.xml', 'stopped'],
  ])('reads the status in %s', (fixture, status) => {
    expect(parseVolumeInfo(readFixture(version, fixture))).toMatchObject([{ status }]);
  });

  it('keeps options as they stand', () => {
    const [volume] = parseVolumeInfo(readFixture(version, 'volume-info-auth-allow.xml'));
    expect(volume?.options).toMatchObject({
      'auth.allow': '/(10.88.0.*),/sub(10.88.0.2)',
      'nfs.disable': 'on',
    });
  });

  it.each([
    ['an unknown volume', 'volume-info-unknown.xml', 'not-found'],
    ['a glusterd that is down', 'volume-info-glusterd-down.xml', 'command-failed'],
    ['a caller who is not root', 'unprivileged.xml', 'command-failed'],
    ['the answer of another command', 'pool-list.xml', 'bad-output'],
  ])('is an error for %s', (_, fixture, code) => {
    expect(() => parseVolumeInfo(readFixture(version, fixture))).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    [
      'fewer bricks than it counts',
      '<brickCount>3<',
      '<brickCount>4<',
      /<brickCount> in <volume> is 4, but 3 follow/,
    ],
    ['fewer options than it counts', '<optCount>3<', '<optCount>9<', /<optCount>/],
    ['fewer volumes than it counts', '<count>1<', '<count>2<', /<count> in <volumes>/],
    ['bricks that make no whole set', '<disperseCount>3<', '<disperseCount>2<', /3 bricks in sets of 2/],
    ['a brick without a path', '<name>fx1:/b/b/disp<', '<name>fx1<', /not host:\/path/],
    [
      'an empty count',
      '<replicaCount>1<',
      '<replicaCount><',
      /<replicaCount> in <volume> is "", not a number/,
    ],
  ])('is an error with %s', (_, from, to, message) => {
    const text = readFixture(version, 'volume-info-one.xml');
    expect(text).toContain(from);
    expect(() => parseVolumeInfo(text.replace(from, to))).toThrow(message);
  });
});
