// Makes the servers of a lab one trusted storage pool.
import { MortarError } from '../../shared/lib/errors.ts';
import type { Server } from './server.ts';
import { waitFor } from './wait.ts';

/** Starts glusterd on all servers, now and at each boot. */
export async function startGluster(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => server.sh('systemctl enable --quiet --now glusterd')));
}

/** Probes all servers into one pool, each known by its canonical name, and waits until every one sees all others connected. */
export async function formPool(servers: readonly Server[]): Promise<void> {
  const [first, second, ...others] = servers;
  if (first === undefined || second === undefined) return;
  for (const peer of [second, ...others]) await first.sh(`gluster --mode=script peer probe ${peer.name}`);
  await waitUntilConnected(servers);
  // The one that probes is known to the others by its address alone, until one of them probes it by name.
  await second.sh(`gluster --mode=script peer probe ${first.name}`);
  await waitUntilConnected(servers);
}

async function waitUntilConnected(servers: readonly Server[]): Promise<void> {
  await waitFor('all peers to be connected', 60_000, async () => {
    const lists = await Promise.all(servers.map((server) => server.sh('gluster peer status')));
    return lists.every((list) => countConnected(list) === servers.length - 1);
  });
}

function countConnected(status: string): number {
  if (/^Connection failed/m.test(status)) throw new MortarError('command-failed', 'glusterd does not answer');
  return status.split('\n').filter((line) => line.includes('Peer in Cluster (Connected)')).length;
}
