// A copy of what glusterd keeps on disk, made of files captured from a real server: one volume, `rep`, of three bricks,
// of which the first is on the server itself.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { glusterFixture } from './gluster-stand-in.ts';

export const peers = [
  '3f76bd6e-ae3c-4db1-93c9-e52c9f4b0cc4',
  '29ab1536-67a6-4770-a95d-dfbc417ec775',
  '67f73432-3a1e-437d-a208-d8912820798a',
];

/** The store's directory. `brickPath` is where the bricks of `rep` lie. */
export function makeGlusterdStore(brickPath = '/b/b/rep'): string {
  const directory = mkdtempSync(join(tmpdir(), 'mortar-store-'));
  const bricks = join(directory, 'vols/rep/bricks');
  mkdirSync(bricks, { recursive: true });
  writeFileSync(join(directory, 'glusterd.info'), glusterFixture('glusterd.info'));
  writeFileSync(join(directory, 'vols/rep/info'), glusterFixture('store-rep.info'));
  writeFileSync(join(directory, 'vols/rep/cksum'), glusterFixture('store-rep.cksum'));
  for (const [at, peer] of peers.entries()) {
    const host = `fx${at + 1}`;
    const text = glusterFixture('store-rep.brick')
      .replace(/uuid=.*/, `uuid=${peer}`)
      .replace(/hostname=.*/, `hostname=${host}`)
      .replaceAll('/b/b/rep', brickPath);
    writeFileSync(join(bricks, `${host}:${brickPath.replaceAll('/', '-')}`), text);
  }
  return directory;
}
