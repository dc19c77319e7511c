// The store files of real volumes, and damaged ones. The captured `info` files have a made-up password.
import { describe, expect, it } from 'vitest';
import { parseCksum, parseVolumeStore } from '../../../../agent/privileged/gluster/parse-cksum.ts';
import { readFixture, versions } from './fixtures.ts';

describe.each(versions)("glusterd's store of GlusterFS %s", (version) => {
  it.each(['rep', 'arb'])('has a checksum and a generation for %s', (name) => {
    const cksum = readFixture(version, `store-${name}.cksum`);
    expect(`info=${parseCksum(cksum)}\n`).toBe(cksum.trimEnd().concat('\n'));
    const { version: generation, volumeId } = parseVolumeStore(readFixture(version, `store-${name}.info`));
    expect(generation).toBeGreaterThan(1);
    expect(readFixture(version, 'volume-info.xml')).toContain(`<id>${volumeId}</id>`);
  });
});

describe('a damaged store', () => {
  it.each([
    ['an empty checksum', '', /0 lines for info/],
    ['a checksum without its end', 'info=8656', /0 lines for info/],
    ['two checksums', 'info=1\ninfo=2\n', /2 lines for info/],
    ['a checksum that is no number', 'info=12x\n', /not a number/],
    ['a checksum of more than 32 bits', 'info=4294967296\n', /more than 32 bits/],
  ])('with %s is an error', (_, text, message) => {
    expect(() => parseCksum(text)).toThrow(message);
  });

  it('is not believed when it ends in the middle of the generation', () => {
    const text = readFixture('10.3', 'store-rep.info');
    const cut = text.slice(0, text.indexOf('\nversion=') + '\nversion='.length + 1);
    expect(() => parseVolumeStore(cut)).toThrow(/0 lines for version/);
  });

  it('does not take another version for the generation', () => {
    expect(() => parseVolumeStore('quota-version=0\nop-version=40000\n')).toThrow(/0 lines for version/);
  });

  it('never puts its password into an error', () => {
    const text = 'version=x\npassword=secret\n';
    expect(() => parseVolumeStore(text)).toThrow(expect.not.objectContaining({ message: /secret/ }));
    expect(() => parseVolumeStore(text)).toThrow(/version in glusterd's info file is "x"/);
  });
});
