// A device that has grown is used before new bricks are asked for, once, and only where it really has grown.
import { describe, expect, test } from 'vitest';
import { previewGrowth } from '../../../../coordinator/core/preview-growth.ts';
import type { VolumeName } from '../../../../shared/model/names.ts';
import {
  alikeServers,
  autoPolicy,
  buildState,
  type ClusterSpec,
  type DiskSpec,
  morning,
  onServer,
  policyWith,
  seenValue,
} from '../../../support/cluster-builder.ts';
import { activate, createPool, runToEnd } from '../../../support/simulated-pool.ts';

const vol1 = 'vol1' as VolumeName;

function cluster(disk: DiskSpec): ClusterSpec {
  return {
    servers: alikeServers(2, { b1: { freePercent: 12, ...disk }, b2: {} }),
    volumes: {
      vol1: { kind: 'replicate', members: 2, bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1'] },
    },
  };
}

function kindsOf(disk: DiskSpec, policy = policyWith({}), type = 'xfs'): string[] {
  const change = (server: string) =>
    onServer(server, (sections) => ({
      filesystems: {
        kind: 'seen',
        seenAt: morning,
        value: seenValue(sections.filesystems).map((filesystem) => ({ ...filesystem, type })),
      },
    }));
  const state = buildState(cluster(disk), {
    policies: { vol1: policy },
    change: (report) => change('gluster1')(change('gluster2')(report)),
  });
  return previewGrowth(state, vol1, morning)?.plan?.steps.map((step) => step.kind) ?? [];
}

const inPlace = ['grow-filesystem', 'grow-filesystem'];
const newBricks = ['make-brick-directory', 'make-brick-directory', 'add-brick', 'fix-layout'];

test.each<[string, DiskSpec, string, string[]]>([
  ['a device that has doubled', { deviceGiB: 200 }, 'xfs', inPlace],
  ['a device that has doubled under ext4', { deviceGiB: 200 }, 'ext4', inPlace],
  ['a device whose size is not known', {}, 'xfs', newBricks],
  ['the log of XFS', { sizeGiB: 0.9375, deviceGiB: 1 }, 'xfs', newBricks],
  ['the inode tables and the journal of ext4', { deviceGiB: 102.5 }, 'ext4', newBricks],
  ['half a percent', { deviceGiB: 100.5 }, 'xfs', newBricks],
  ['a filesystem that Mortar cannot grow', { deviceGiB: 200 }, 'btrfs', newBricks],
  ['a disk that is read-only', { deviceGiB: 200, isReadOnly: true }, 'xfs', newBricks],
])('%s', (_, disk, type, expected) => {
  expect(kindsOf(disk, policyWith({}), type)).toEqual(expected);
});

test('the size that the policy allows is not exceeded in place either', () => {
  const limits = { maxBricks: null, maxSizeBytes: 150 * 1024 ** 3, maxGrowthsPerDay: 4 };
  expect(kindsOf({ deviceGiB: 200 }, policyWith({ limits }))).toEqual([]);
});

describe('carried out', () => {
  const policies = { vol1: { ...autoPolicy, cooldownSeconds: 3600 } };

  test('it ends with more space and without a new brick', () => {
    const pool = createPool(cluster({ deviceGiB: 200 }));
    const record = runToEnd(pool, { policies });
    expect([record.status, record.plan.steps.map((step) => step.kind)]).toEqual(['done', inPlace]);
    expect(pool.cluster.volumes.vol1?.bricks).toHaveLength(2);
    expect(record.plan.after.sizeBytes).toBeGreaterThan(199 * 1024 ** 3);
  });

  test('what finds nothing to grow is not tried again, and new bricks follow without a cooldown', () => {
    const pool = createPool(cluster({ deviceGiB: 200 }));
    const apply = { ...pool.cluster.servers };
    runToEnd(pool, { policies });
    Object.assign(pool.cluster.servers, apply);
    pool.now += 1000;
    activate(pool, { policies });
    const kinds = [...pool.memory.plans.values()].map(({ plan }) => plan.steps[0]?.kind);
    expect(kinds).toEqual(['grow-filesystem', 'make-brick-directory']);
  });
});
