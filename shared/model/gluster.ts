// What one server's glusterd knows of itself, its peers and the volumes, read without any cluster-wide lock.
import { type Static, Type } from 'typebox';
import { PeerUuid } from './names.ts';
import { Volume } from './volume.ts';

export const Peer = Type.Object({
  uuid: PeerUuid,
  /** All names this server's glusterd has for the peer, the primary one first. */
  hostNames: Type.Array(Type.String({ maxLength: 253 }), { minItems: 1, maxItems: 64 }),
  isConnected: Type.Boolean(),
  /** Only "Peer in Cluster" is a full member; a rejected or half-probed peer may still be connected. */
  isMember: Type.Boolean(),
  state: Type.String({ maxLength: 128 }),
});
export type Peer = Static<typeof Peer>;

export const Gluster = Type.Object({
  uuid: PeerUuid,
  version: Type.String({ maxLength: 64 }),
  opVersion: Type.Integer({ minimum: 1 }),
  /** All other members as this server sees them; it does not list itself. */
  peers: Type.Array(Peer, { maxItems: 1000 }),
  volumes: Type.Array(Volume, { maxItems: 1000 }),
});
export type Gluster = Static<typeof Gluster>;

/**
 * Whether a full rebalance can lose files on this version of Gluster: on 11.0 it may delete a data file for its link file
 * (gluster/glusterfs#4148, mended in 11.1).
 */
export function losesDataInRebalance(version: string): boolean {
  return /^11\.0($|[^0-9])/.test(version);
}
