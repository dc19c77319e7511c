// Each gate closes for its own reason and for no other, and says so in one sentence.
import { expect, test } from 'vitest';
import type { Cluster, ClusterVolume } from '../../../../coordinator/core/cluster.ts';
import { closedGates, gates } from '../../../../coordinator/core/growth/gates.ts';
import { reconcile } from '../../../../coordinator/core/reconcile.ts';
import type { State } from '../../../../coordinator/core/state.ts';
import { viewCluster } from '../../../../coordinator/core/view-cluster.ts';
import type { Report } from '../../../../shared/model/report.ts';
import {
  alikeServers,
  autoPolicy,
  buildState,
  type ClusterSpec,
  morning,
  onServer,
  type StateSpec,
  seenValue,
  type VolumeSpec,
} from '../../../support/cluster-builder.ts';

function clusterWith(volume: Partial<VolumeSpec> = {}): ClusterSpec {
  return {
    servers: alikeServers(3, { b1: { freePercent: 12 }, b2: {} }),
    volumes: {
      vol1: {
        kind: 'replicate',
        members: 3,
        bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1', 'gluster3:b1/vol1-1'],
        ...volume,
      },
    },
  };
}

function closed(cluster: ClusterSpec, spec: StateSpec = {}): string[] {
  return closedIn(buildState(cluster, spec));
}

function closedIn(state: State): string[] {
  const cluster: Cluster = viewCluster(state, morning);
  const volume = cluster.volumes[0] as ClusterVolume;
  const running = [...state.plans.values()].filter((record) => record.status === 'running');
  return closedGates({ cluster, volume, running });
}

const bricks =
  (change: Partial<ReturnType<typeof firstBrick>>) =>
  (sections: Report['sections']): Partial<Report['sections']> => ({
    bricks: seen(seenValue(sections.bricks).map((brick) => ({ ...brick, ...change }))),
  });

function firstBrick(sections: Report['sections']) {
  const [brick] = seenValue(sections.bricks);
  if (brick === undefined) throw new Error('no brick');
  return brick;
}

const gluster =
  (change: (value: GlusterValue) => Partial<GlusterValue>) =>
  (sections: Report['sections']): Partial<Report['sections']> => {
    const value = seenValue(sections.gluster);
    return { gluster: seen({ ...value, ...change(value) }) };
  };
type GlusterValue = Extract<Report['sections']['gluster'], { kind: 'seen' }>['value'];

function seen<T>(value: T) {
  return { kind: 'seen' as const, seenAt: morning, value };
}

test('all gates of a healthy volume are open', () => {
  expect(closed(clusterWith())).toEqual([]);
});

test.each<[string, () => string[], string[]]>([
  [
    'a stopped volume',
    () => closed(clusterWith({ status: 'stopped' })),
    ['vol1 is not started (it is stopped)'],
  ],
  [
    'a silent server',
    () => closed(clusterWith(), { silentMs: { gluster2: 11_000 } }),
    ['nothing fresh is known of gluster2'],
  ],
  [
    'a member of the pool from which no agent reports',
    () => {
      const state = buildState({ ...clusterWith(), servers: alikeServers(4, { b1: { freePercent: 12 } }) });
      const servers = new Map([...state.servers].filter(([name]) => name !== 'gluster4'));
      return closedIn({ ...state, servers });
    },
    ['nothing fresh is known of gluster4'],
  ],
  [
    'a peer that one server sees as disconnected, although the other way is fine',
    () =>
      closed(clusterWith(), {
        change: onServer(
          'gluster1',
          gluster(({ peers }) => ({
            peers: peers.map((peer) =>
              peer.hostNames[0] === 'gluster3' ? { ...peer, isConnected: false } : peer,
            ),
          })),
        ),
      }),
    ['gluster1 sees gluster3 as disconnected'],
  ],
  [
    'a peer that was rejected',
    () =>
      closed(clusterWith(), {
        change: onServer(
          'gluster1',
          gluster(({ peers }) => ({
            peers: peers.map((peer) =>
              peer.hostNames[0] === 'gluster3' ? { ...peer, isMember: false, state: 'Peer Rejected' } : peer,
            ),
          })),
        ),
      }),
    ['gluster1 sees gluster3 as "Peer Rejected"'],
  ],
  [
    'servers of two op-versions',
    () =>
      closed(clusterWith(), {
        change: onServer(
          'gluster2',
          gluster(() => ({ opVersion: 110_000 })),
        ),
      }),
    ['the servers run different op-versions: 100000 and 110000'],
  ],
  [
    'servers that hold different configurations',
    () =>
      closed(clusterWith(), {
        change: onServer(
          'gluster2',
          gluster(({ volumes }) => ({ volumes: volumes.map((volume) => ({ ...volume, checksum: 5 })) })),
        ),
      }),
    ['the servers do not all show the same configuration of vol1'],
  ],
  [
    'a brick whose state is not known',
    () => {
      const state = buildState(clusterWith(), { change: onServer('gluster2', bricks({ isUp: null })) });
      return closedIn(state);
    },
    ['it is not known whether gluster2:/bricks/b1/vol1-1 is up'],
  ],
  [
    'a brick that is down',
    () => closed(clusterWith(), { change: onServer('gluster2', bricks({ isUp: false })) }),
    ['gluster2:/bricks/b1/vol1-1 is down'],
  ],
  [
    'a brick whose disk is not mounted',
    () => closed(clusterWith(), { change: onServer('gluster2', bricks({ mountPoint: null })) }),
    ['the filesystem of gluster2:/bricks/b1/vol1-1 is not seen mounted'],
  ],
  [
    'a brick on a disk that has become read-only',
    () => {
      const servers = { ...clusterWith().servers, gluster2: { b1: { isReadOnly: true }, b2: {} } };
      return closed({ ...clusterWith(), servers });
    },
    ['the filesystem of gluster2:/bricks/b1/vol1-1 is read-only'],
  ],
  [
    'a rebalance that runs',
    () => closed(clusterWith({ rebalance: { taskId: 'task-1', status: 'started' } })),
    ['a rebalance of vol1 is running on gluster1'],
  ],
  [
    'a rebalance of which nothing is known',
    () => closed(clusterWith({ rebalance: { status: 'unknown' } })),
    ['it is not known whether a rebalance of vol1 runs on gluster1'],
  ],
  [
    'entries that wait to be healed',
    () => closed(clusterWith(), { change: onServer('gluster2', bricks({ pendingHeals: 1 })) }),
    ['gluster2:/bricks/b1/vol1-1 has entries to heal'],
  ],
  [
    'heals that could not be counted',
    () => closed(clusterWith(), { change: onServer('gluster2', bricks({ pendingHeals: null })) }),
    ['it is not known whether gluster2:/bricks/b1/vol1-1 has entries to heal'],
  ],
  [
    'a plan that is carried out for another volume',
    () => {
      const other: ClusterSpec = {
        ...clusterWith(),
        volumes: {
          ...clusterWith().volumes,
          vol2: { kind: 'distribute', bricks: ['gluster1:b1/vol2-1'] },
        },
      };
      const state = buildState(other, { policies: { vol2: autoPolicy } });
      const records = reconcile(state, morning).plans.filter((record) => record.status === 'running');
      return closedIn({ ...state, plans: new Map(records.map((record) => [record.plan.id, record])) });
    },
    ['grow-vol2-20261121t100000z is being carried out, and a pool changes one thing at a time'],
  ],
])('%s closes a gate', (_, ask, sentences) => {
  expect(ask()).toEqual(sentences);
});

test.each<[string, VolumeSpec['kind'], number | null, boolean]>([
  ['a distribute volume has nothing to heal', 'distribute', null, true],
  ['a dispersed volume may have files that are being written', 'disperse', 64, true],
  ['a dispersed volume may not have a backlog', 'disperse', 65, false],
  ['a dispersed volume whose heals are unknown must wait', 'disperse', null, false],
])('%s', (_, kind, pendingHeals, isOpen) => {
  const volume = { kind, members: kind === 'disperse' ? 3 : 1, redundancy: kind === 'disperse' ? 1 : 0 };
  const spec = { change: onServer('gluster2', bricks({ pendingHeals })) };
  expect(closed(clusterWith(volume), spec).length).toBe(isOpen ? 0 : 1);
});

test('a dispersed volume may have hundreds of files being written, which all members mark alike', () => {
  const write = bricks({ pendingHeals: 500 });
  const spec = {
    change: (report: Report) => ({ ...report, sections: { ...report.sections, ...write(report.sections) } }),
  };
  expect(closed(clusterWith({ kind: 'disperse', members: 3, redundancy: 1 }), spec)).toEqual([]);
});

test('a gate can be left out by name', () => {
  const state = buildState(clusterWith({ status: 'stopped' }));
  const cluster = viewCluster(state, morning);
  const volume = cluster.volumes[0] as ClusterVolume;
  expect(closedGates({ cluster, volume, running: [] }, ['volume-started'])).toEqual([]);
  expect(Object.keys(gates)).toContain('volume-started');
});
