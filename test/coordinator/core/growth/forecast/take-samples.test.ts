// What becomes a sample of a cluster's subvolumes, and what does not: nothing unknown, nothing stale, nothing impossible.
import { describe, expect, test } from 'vitest';
import { takeSamples } from '../../../../../coordinator/core/growth/forecast/take-samples.ts';
import { viewCluster } from '../../../../../coordinator/core/view-cluster.ts';
import {
  alikeServers,
  buildState,
  GiB,
  morning,
  type StateSpec,
} from '../../../../support/cluster-builder.ts';

const replica3 = {
  servers: { ...alikeServers(3, { b1: { freePercent: 75 } }), gluster2: { b1: { freePercent: 60 } } },
  volumes: {
    vol1: {
      kind: 'replicate' as const,
      members: 3,
      bricks: ['gluster1:b1/vol1', 'gluster2:b1/vol1', 'gluster3:b1/vol1'],
    },
  },
};
const sampled = (spec: StateSpec = {}) => takeSamples(viewCluster(buildState(replica3, spec), morning));

test('a subvolume is sampled by its fullest member', () => {
  expect(sampled()).toEqual([
    {
      key: expect.stringMatching(/^aaaaaaaa-\S+ gluster1:\/bricks\/b1\/vol1$/),
      sample: { at: morning, usedBytes: 40 * GiB, sizeBytes: 100 * GiB },
    },
  ]);
});

describe('no sample is taken', () => {
  test('while one member is silent', () => {
    expect(sampled({ silentMs: { gluster3: 60_000 } })).toEqual([]);
  });

  test('while a filesystem cannot be seen', () => {
    const change: NonNullable<StateSpec['change']> = (report) => ({
      ...report,
      sections: {
        ...report.sections,
        filesystems: { kind: 'failed', failedAt: 1, code: 'internal', message: 'no', lastSeenAt: null },
      },
    });
    expect(sampled({ change })).toEqual([]);
  });

  test('of stale capacity beside fresh use', () => {
    // The disk was doubled: the beat already says what is free, the report still how large it was.
    const state = buildState({ ...replica3, servers: alikeServers(3, { b1: { freePercent: 75 } }) });
    const servers = new Map(
      [...state.servers].map(([name, server]) => [
        name,
        {
          ...server,
          beat: server.beat && {
            ...server.beat,
            filesystems: server.beat.filesystems.map((one) => ({ ...one, freeBytes: 175 * GiB })),
          },
        },
      ]),
    );
    expect(takeSamples(viewCluster({ ...state, servers }, morning))).toEqual([]);
  });
});
