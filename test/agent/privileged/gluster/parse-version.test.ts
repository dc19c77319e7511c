// The first line of the CLI's own version.
import { describe, expect, it } from 'vitest';
import { parseVersion } from '../../../../agent/privileged/gluster/parse-version.ts';
import { readFixture, versions } from './fixtures.ts';

describe('gluster --version', () => {
  it.each(versions)('of %s is read from its first line', (version) => {
    expect(parseVersion(readFixture(version, 'version.txt'))).toBe(version);
  });

  it.each([
    '',
    'glusterfs',
    'glusterfs \n',
    'sh: gluster: not found\n',
    'glusterfs 10.x\n',
    'glusterfs 10.3',
  ])('is an error for %j', (text) => {
    expect(() => parseVersion(text)).toThrow(expect.objectContaining({ code: 'bad-output' }));
  });
});
