// What get-state and the store tell together, from captures of both versions.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseGetState } from '../../../../agent/privileged/gluster/parse-get-state.ts';
import { lookAtGluster } from '../../../../agent/privileged/looks/look-at-gluster.ts';
import { glusterFixture } from '../gluster-stand-in.ts';
import { makeGlusterdStore, peers } from '../glusterd-store.ts';

let storeDirectory: string;
beforeEach(() => {
  storeDirectory = makeGlusterdStore();
});
afterEach(() => rmSync(storeDirectory, { recursive: true }));

/** The state of the real server, of which only the volume `rep` is kept, changed by `change`. */
function edgesOf(fixture: string, change = (text: string) => text) {
  const whole = parseGetState(change(glusterFixture(fixture)));
  const state = { ...whole, volumes: whole.volumes.filter(({ name }) => name === 'rep') };
  return { storeDirectory, gluster: { readState: async () => state, readVersion: async () => '10.3' } };
}

test('a volume is told with its shape, its peers’ ids and its generation', async () => {
  const seen = await lookAtGluster(edgesOf('get-state-started.txt'));
  expect(seen).toMatchObject({ uuid: peers[0], version: '10.3', opVersion: 100_000 });
  expect(seen.volumes).toEqual([
    {
      id: '748d9401-d47a-491c-9951-64c83628e3cf',
      name: 'rep',
      kind: 'replicate',
      status: 'started',
      replicaCount: 3,
      arbiterCount: 0,
      disperseCount: 0,
      redundancyCount: 0,
      bricks: peers.map((peer, at) => ({ host: `fx${at + 1}`, path: '/b/b/rep', peer, isArbiter: false })),
      options: expect.objectContaining({ 'transport.address-family': 'inet' }),
      rebalance: { taskId: null, status: 'not-started', failures: 0, skipped: 0 },
      version: 4,
      checksum: 865_628_872,
    },
  ]);
});

test('peers are told with all their names, and a peer that is away is not connected', async () => {
  const { peers: seen } = await lookAtGluster(edgesOf('get-state-peer-down.txt'));
  expect(seen).toHaveLength(2);
  expect(seen.filter(({ isConnected }) => !isConnected)).toHaveLength(1);
  expect(seen[0]).toMatchObject({
    uuid: peers[1],
    hostNames: ['fx2'],
    isMember: true,
    state: 'Peer in Cluster',
  });
});

test('a rejected peer is no member, and names are told in lower case and once', async () => {
  const change = (text: string) =>
    text
      .replace('Peer1.state: Peer in Cluster', 'Peer1.state: Peer Rejected')
      .replace('othernames: ', 'othernames: FX2,10.0.0.2');
  const { peers: seen } = await lookAtGluster(edgesOf('get-state-started.txt', change));
  expect(seen[0]).toMatchObject({ isMember: false, state: 'Peer Rejected', hostNames: ['fx2', '10.0.0.2'] });
});

describe('all of it is an error, and no volume is left out,', () => {
  test('where a brick is not in the store yet', async () => {
    rmSync(join(storeDirectory, 'vols/rep/bricks/fx2:-b-b-rep'));
    await expect(lookAtGluster(edgesOf('get-state-started.txt'))).rejects.toThrow(
      'does not have the brick fx2:/b/b/rep of rep yet',
    );
  });
  test('where the volume is not in the store yet', async () => {
    rmSync(join(storeDirectory, 'vols/rep'), { recursive: true });
    await expect(lookAtGluster(edgesOf('get-state-started.txt'))).rejects.toMatchObject({
      code: 'bad-output',
    });
  });
  test('where something does not fit the vocabulary', async () => {
    const edges = edgesOf('get-state-started.txt');
    const long = { ...edges.gluster, readVersion: async () => 'x'.repeat(65) };
    await expect(lookAtGluster({ ...edges, gluster: long })).rejects.toThrow(/no word for: \/version/);
  });
  test('where the store cannot be read', async () => {
    writeFileSync(join(storeDirectory, 'vols/rep/info'), '');
    await expect(lookAtGluster(edgesOf('get-state-started.txt'))).rejects.toMatchObject({
      code: 'bad-output',
    });
  });
});
