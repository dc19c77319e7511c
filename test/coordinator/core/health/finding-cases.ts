// One case for each code of the catalogue: what is wrong, and every finding that follows from it.
import { reconcile } from '../../../../coordinator/core/reconcile.ts';
import type { State } from '../../../../coordinator/core/state.ts';
import { defaultClusterIntent } from '../../../../shared/model/cluster-intent.ts';
import type { NameResolution } from '../../../../shared/model/network.ts';
import type { Report } from '../../../../shared/model/report.ts';
import {
  alikeServers,
  autoPolicy,
  buildState,
  type ClusterSpec,
  morning,
  onServer,
  seenValue,
} from '../../../support/cluster-builder.ts';
import { activate, createPool, stateOf } from '../../../support/simulated-pool.ts';

export function clusterWith(
  freePercent = 50,
  more: ClusterSpec['servers'][string] = { b2: {} },
): ClusterSpec {
  return {
    servers: alikeServers(3, { b1: { freePercent }, ...more }),
    volumes: {
      vol1: {
        kind: 'replicate',
        members: 3,
        bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1', 'gluster3:b1/vol1-1'],
      },
    },
  };
}

export function found(state: State, now = morning): [string, string, string][] {
  return reconcile(state, now).findings.map(({ code, subject, sentence }) => [code, subject, sentence]);
}

export function withChange(
  server: string,
  change: (sections: Report['sections']) => Partial<Report['sections']>,
): State {
  return buildState(clusterWith(), { change: onServer(server, change) });
}

export const seen = <T>(value: T) => ({ kind: 'seen' as const, seenAt: morning, value });

export const named =
  (name: string, over: Partial<NameResolution>) =>
  ({ names }: Report['sections']) => ({
    names: seen(seenValue(names).map((known) => (known.name === name ? { ...known, ...over } : known))),
  });

export const off = { vol1: { mode: 'off' as const } };
const fullest = 'gluster1:/bricks/b1/vol1-1, gluster2:/bricks/b1/vol1-1 and gluster3:/bricks/b1/vol1-1';

/** What is wrong, how to make it so, and every finding that follows. */
export const findingCases: [string, () => [string, string, string][], [string, string, string][]][] = [
  [
    'a silent server',
    () => found(buildState(clusterWith(), { silentMs: { gluster2: 90_000 } })),
    [['server-silent', 'gluster2', 'nothing has been heard of gluster2 since 2026-11-21 09:58:30Z']],
  ],
  [
    'a server that beats and does not report',
    () => {
      const state = buildState(clusterWith());
      const servers = [...state.servers].map(
        ([name, server]) =>
          [name, name === 'gluster2' ? { ...server, reportAt: morning - 80_000 } : server] as const,
      );
      return found({ ...state, servers: new Map(servers) });
    },
    [['server-silent', 'gluster2', 'gluster2 beats, but has sent no report since 2026-11-21 09:58:40Z']],
  ],
  [
    'a section that failed',
    () =>
      found(
        withChange('gluster2', () => ({
          ports: {
            kind: 'failed',
            failedAt: morning,
            code: 'command-failed',
            message: 'ss is not there',
            lastSeenAt: null,
          },
        })),
      ),
    [['section-failed', 'gluster2/ports', 'gluster2 cannot see its ports (never seen): ss is not there']],
  ],
  [
    'a slot that is not mounted',
    () =>
      found(
        buildState({
          ...clusterWith(),
          servers: {
            ...clusterWith().servers,
            gluster2: { b1: { freePercent: 50 }, b2: { isMounted: false } },
          },
        }),
      ),
    [
      [
        'slot-unmounted',
        'gluster2:/bricks/b2',
        'the slot gluster2:/bricks/b2 cannot be used: nothing is mounted at /bricks/b2',
      ],
    ],
  ],
  [
    'a slot that is refused',
    () => {
      const problem = { code: 'on-root-filesystem' as const, sentence: 'it is on the root filesystem' };
      const gluster2 = { b1: { freePercent: 50 }, b2: { problem } };
      return found(buildState({ ...clusterWith(), servers: { ...clusterWith().servers, gluster2 } }));
    },
    [
      [
        'slot-refused',
        'gluster2:/bricks/b2',
        'the slot gluster2:/bricks/b2 cannot be used: it is on the root filesystem',
      ],
    ],
  ],
  [
    'a brick that is down',
    () =>
      found(
        withChange('gluster2', ({ bricks }) => ({
          bricks: seen(seenValue(bricks).map((brick) => ({ ...brick, isUp: false }))),
        })),
      ),
    [['brick-down', 'gluster2:/bricks/b1/vol1-1', 'the brick gluster2:/bricks/b1/vol1-1 of vol1 is down']],
  ],
  [
    'a brick whose disk is not mounted',
    () =>
      found(
        withChange('gluster2', ({ bricks }) => ({
          bricks: seen(seenValue(bricks).map((brick) => ({ ...brick, hasVolumeId: false }))),
        })),
      ),
    [
      [
        'brick-unmounted',
        'gluster2:/bricks/b1/vol1-1',
        "the disk of the brick gluster2:/bricks/b1/vol1-1 of vol1 is not mounted: what lies at its path does not carry the volume's mark",
      ],
    ],
  ],
  [
    'a peer that some see as disconnected',
    () => {
      const cut = ({ gluster }: Report['sections']) => ({
        gluster: seen({
          ...seenValue(gluster),
          peers: seenValue(gluster).peers.map((peer) =>
            peer.hostNames[0] === 'gluster3' ? { ...peer, isConnected: false } : peer,
          ),
        }),
      });
      const change = (report: Report) => onServer('gluster1', cut)(onServer('gluster2', cut)(report));
      return found(buildState(clusterWith(), { change }));
    },
    [['peer-disconnected', 'gluster3', 'gluster1 and gluster2 see gluster3 as disconnected']],
  ],
  [
    'servers that hold different configurations',
    () =>
      found(
        withChange('gluster2', ({ gluster }) => ({
          gluster: seen({
            ...seenValue(gluster),
            volumes: seenValue(gluster).volumes.map((volume) => ({ ...volume, version: 4 })),
          }),
        })),
      ),
    [
      [
        'volume-diverged',
        'vol1',
        'the servers do not agree about vol1: gluster1 has 3 bricks, version 5, checksum 1003, gluster2 has 3 bricks, version 4, checksum 1003 and gluster3 has 3 bricks, version 5, checksum 1003',
      ],
    ],
  ],
  [
    'a full volume',
    () => found(buildState(clusterWith(4.95), { policies: off })),
    [['volume-full', 'vol1', `vol1 has 4.9 % free in subvolume 1 (${fullest})`]],
  ],
  [
    'a volume below its level',
    () => found(buildState(clusterWith(12), { policies: off })),
    [['volume-low-on-space', 'vol1', `vol1 has 12.0 % free in subvolume 1 (${fullest}), below 20 %`]],
  ],
  [
    'a volume without room to grow',
    () => found(buildState(clusterWith(12, {}), { policies: { vol1: {} } })),
    [
      [
        'no-room-to-grow',
        'vol1',
        `vol1 has 12.0 % free in subvolume 1 (${fullest}), below 20 %, but there is no room to grow: a new subvolume of vol1 needs 3 different servers with a usable slot each, and none has one`,
      ],
      ['volume-low-on-space', 'vol1', `vol1 has 12.0 % free in subvolume 1 (${fullest}), below 20 %`],
    ],
  ],
  [
    'a limit',
    () =>
      found(
        buildState(clusterWith(12), {
          policies: { vol1: { limits: { maxBricks: 5, maxSizeBytes: null, maxGrowthsPerDay: null } } },
        }),
      ),
    [
      [
        'limit-reached',
        'vol1',
        `vol1 has 12.0 % free in subvolume 1 (${fullest}), below 20 %, but it must not grow: vol1 has 3 bricks and grows by 3 at a time, and limits.maxBricks is 5`,
      ],
      ['volume-low-on-space', 'vol1', `vol1 has 12.0 % free in subvolume 1 (${fullest}), below 20 %`],
    ],
  ],
  [
    'a name that points to the machine itself',
    () => found(withChange('gluster2', named('gluster2', { addresses: ['127.0.1.1'], isLoopback: true }))),
    [
      [
        'name-on-loopback',
        'gluster2',
        'on gluster2 the name gluster2 points to the machine itself (127.* or ::1)',
      ],
    ],
  ],
  [
    'a name that is another address on one server',
    () => found(withChange('gluster1', named('gluster2', { addresses: ['10.9.9.9'] }))),
    [
      [
        'name-disagrees',
        'gluster2',
        'the name gluster2 is 10.0.0.2 on gluster2 and gluster3 and 10.9.9.9 on gluster1',
      ],
    ],
  ],
  [
    'a name that one server does not know',
    () => found(withChange('gluster1', named('gluster2', { addresses: [], error: 'ENOTFOUND' }))),
    [
      [
        'name-disagrees',
        'gluster2',
        'the name gluster2 is 10.0.0.2 on gluster2 and gluster3 and nothing on gluster1',
      ],
    ],
  ],
  [
    'a plan that failed',
    () => {
      const pool = createPool(clusterWith(12));
      pool.interfere = () => 'failed';
      const policies = { vol1: { ...autoPolicy, cooldownSeconds: 3600 } };
      activate(pool, { policies });
      pool.now += 1000;
      activate(pool, { policies });
      return found(stateOf(pool, { policies }), pool.now).slice(0, 1);
    },
    [['plan-failed', 'vol1', "grow-vol1-20261121t100000z failed: Gluster's words for failed"]],
  ],
  [
    'a freeze',
    () => {
      const intent = { ...defaultClusterIntent, isFrozen: true, freezeReason: 'the rack is moved' };
      return found(buildState(clusterWith(), { rest: { intent } }));
    },
    [['changes-frozen', 'cluster', 'the cluster is frozen: the rack is moved']],
  ],
  [
    'messages that did not fit',
    () => {
      const dropped = new Map([['gluster9', { count: 2, problem: 'report/sections is missing' }]]);
      return found(buildState(clusterWith(), { rest: { dropped } }));
    },
    [
      [
        'messages-dropped',
        'gluster9',
        '2 messages from gluster9 were dropped; the last: report/sections is missing',
      ],
    ],
  ],
];
