// What this server's glusterd knows of itself, its peers and its volumes: get-state for most of it, and glusterd's own
// store for what no lock-free command tells (whose each brick is, the generation and checksum of each volume).
import { Compile } from 'typebox/compile';
import { MortarError } from '../../../shared/lib/errors.ts';
import { Gluster } from '../../../shared/model/gluster.ts';
import type { VolumeKind } from '../../../shared/model/volume.ts';
import type { GetState, StatePeer, StateVolume } from '../gluster/parse-get-state.ts';
import type { GlusterCli } from '../gluster-cli.ts';
import { readStore, type Store, type StoredVolume } from '../read-store.ts';

export interface GlusterEdges {
  gluster: Pick<GlusterCli, 'readState' | 'readVersion'>;
  storeDirectory: string;
}

const validGluster = Compile(Gluster);

/**
 * All that this server's glusterd knows, or an error for all of it: a volume that cannot be told truly is not left out,
 * because a volume that is missing reads as one that does not exist. Throws MortarError.
 */
export async function lookAtGluster({ gluster, storeDirectory }: GlusterEdges): Promise<Gluster> {
  const version = await gluster.readVersion();
  const state = await gluster.readState();
  const seen = glusterIn(version, state, await readStore(storeDirectory));
  if (validGluster.Check(seen)) return seen;
  const [first] = validGluster.Errors(seen);
  throw new MortarError(
    'unsupported',
    `glusterd has something that Mortar has no word for: ${first?.instancePath ?? ''} ${first?.message ?? ''}`,
  );
}

/** What the two tell together, not yet checked against the vocabulary. */
function glusterIn(version: string, state: GetState, store: Store): unknown {
  return {
    uuid: state.uuid,
    version,
    opVersion: state.opVersion,
    peers: state.peers.map(peerIn),
    volumes: state.volumes.map((volume) => {
      const stored = store.volumes.find(({ id }) => id === volume.id);
      return volumeIn(volume, stored);
    }),
  };
}

function peerIn(peer: StatePeer): unknown {
  return {
    uuid: peer.uuid,
    hostNames: [...new Set([peer.hostname, ...peer.otherNames].map((name) => name.toLowerCase()))],
    isConnected: peer.connected,
    isMember: peer.state === 'Peer in Cluster',
    state: peer.state,
  };
}

function volumeIn(volume: StateVolume, stored: StoredVolume | undefined): unknown {
  return {
    id: volume.id,
    name: volume.name,
    kind: kindOf(volume),
    status: volume.status,
    replicaCount: volume.replicaCount,
    arbiterCount: volume.arbiterCount,
    disperseCount: volume.disperseCount,
    redundancyCount: volume.redundancyCount,
    bricks: volume.bricks.map(({ host, path, isArbiter }) => ({
      host: host.toLowerCase(),
      path,
      peer: peerOf(volume.name, { host, path }, stored),
      isArbiter,
    })),
    options: volume.options,
    rebalance: {
      taskId: volume.rebalance.id,
      status: volume.rebalance.status,
      failures: volume.rebalance.failures,
      skipped: volume.rebalance.skipped,
    },
    version: stored?.version ?? null,
    checksum: stored?.checksum ?? null,
  };
}

function kindOf(volume: StateVolume): VolumeKind {
  if (volume.disperseCount > 0) return 'disperse';
  if (volume.arbiterCount > 0) return 'arbiter';
  return volume.replicaCount > 1 ? 'replicate' : 'distribute';
}

/** A brick is in get-state and not in the store only while glusterd changes the volume; the next look sees both. */
function peerOf(
  volume: string,
  brick: { host: string; path: string },
  stored: StoredVolume | undefined,
): string {
  const found = stored?.bricks.find(({ host, path }) => host === brick.host && path === brick.path);
  if (found) return found.peer;
  throw new MortarError(
    'bad-output',
    `glusterd's store does not have the brick ${brick.host}:${brick.path} of ${volume} yet`,
  );
}
