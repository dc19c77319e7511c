// The life of a proposal: kept while it holds, replaced when it does not, ended when it never can again.
import { describe, expect, test } from 'vitest';
import { proposePlan } from '../../../../coordinator/core/planning/propose-plan.ts';
import { previewGrowth } from '../../../../coordinator/core/preview-growth.ts';
import type { PlanId, VolumeName } from '../../../../shared/model/names.ts';
import { alikeServers, autoPolicy, type ClusterSpec } from '../../../support/cluster-builder.ts';
import { activate, createPool, stateOf } from '../../../support/simulated-pool.ts';

const disks = { b1: { freePercent: 12 }, b2: {} };
const cluster: ClusterSpec = {
  servers: alikeServers(3, disks),
  volumes: {
    vol1: {
      kind: 'replicate',
      members: 3,
      bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1', 'gluster3:b1/vol1-1'],
    },
  },
};

describe('a volume in mode plan', () => {
  const policies = { vol1: { mode: 'plan' as const } };

  test('gets a proposal and no order', () => {
    const pool = createPool(cluster);
    const { plans, orders, decisions } = activate(pool, { policies });
    expect(plans.map((record) => record.status)).toEqual(['proposed']);
    expect(orders).toEqual([]);
    expect(decisions[0]).toMatchObject({ kind: 'proposed', plan: plans[0]?.plan.id });
  });

  test('keeps its proposal while free space moves a little', () => {
    const pool = createPool(cluster);
    activate(pool, { policies });
    pool.cluster.servers.gluster1 = { b1: { freePercent: 11.9 }, b2: { freePercent: 94 } };
    pool.now += 5000;
    const { plans, decisions } = activate(pool, { policies });
    expect(plans).toEqual([]);
    expect(decisions[0]?.plan).toBe('grow-vol1-20261121t100000z');
  });

  test('gets another proposal when a slot of the first is lost, and the first is cancelled with what changed', () => {
    const pool = createPool({ ...cluster, servers: alikeServers(4, disks) });
    activate(pool, { policies });
    pool.cluster.servers.gluster1 = { b1: { freePercent: 12 }, b2: { isMounted: false } };
    pool.now += 5000;
    const { plans } = activate(pool, { policies });
    expect(plans.map((record) => [record.plan.id, record.status, record.message])).toEqual([
      [
        'grow-vol1-20261121t100000z',
        'cancelled',
        expect.stringContaining('gluster1:/bricks/b2/vol1-2 does not lie directly in a slot'),
      ],
      ['grow-vol1-20261121t100005z', 'proposed', null],
    ]);
  });

  test('has its proposal carried out when the mode becomes auto', () => {
    const pool = createPool(cluster);
    activate(pool, { policies });
    const { plans, orders } = activate(pool, { policies: { vol1: autoPolicy } });
    expect(plans.map((record) => [record.plan.id, record.status, record.approvedBy])).toEqual([
      ['grow-vol1-20261121t100000z', 'running', 'policy'],
    ]);
    expect(orders).toHaveLength(1);
  });

  test('loses its proposal when the volume has been given other bricks, even if nothing is to be done now', () => {
    const pool = createPool({ ...cluster, servers: alikeServers(3, { ...disks, b3: {} }) });
    activate(pool, { policies });
    pool.cluster.volumes.vol1!.bricks.push('gluster1:b3/other', 'gluster2:b3/other', 'gluster3:b3/other');
    const { plans, decisions } = activate(pool, { policies });
    expect(decisions[0]?.kind).toBe('nothing-to-do');
    expect(plans.map((record) => [record.status, record.message])).toEqual([
      ['cancelled', 'vol1 has 6 bricks now, and the plan was written for 3'],
    ]);
  });

  test('keeps the newer of two proposals', () => {
    const pool = createPool(cluster);
    activate(pool, { policies });
    const [older] = [...pool.memory.plans.values()];
    if (older === undefined) throw new Error('no proposal');
    const id = 'grow-vol1-20261121t100001z' as PlanId;
    const newer = { ...older, plan: { ...older.plan, id, writtenAt: older.plan.writtenAt + 1000 } };
    pool.memory = { ...pool.memory, plans: new Map([...pool.memory.plans, [id, newer]]) };
    const { plans, decisions } = activate(pool, { policies });
    expect(plans.map((record) => [record.plan.id, record.status, record.message])).toEqual([
      [older.plan.id, 'cancelled', `replaced by ${id}`],
    ]);
    expect(decisions[0]?.plan).toBe(id);
  });

  test('keeps a proposal that somebody asked for although the level is not crossed', () => {
    const pool = createPool({
      ...cluster,
      servers: alikeServers(3, { b1: { freePercent: 60 }, b2: {} }),
    });
    const plan = previewGrowth(stateOf(pool), 'vol1' as VolumeName, pool.now)?.plan;
    if (plan == null) throw new Error('no plan');
    pool.memory = { ...pool.memory, plans: new Map([[plan.id, proposePlan(plan)]]) };
    const { plans, decisions } = activate(pool, { policies });
    expect(plans).toEqual([]);
    expect(decisions[0]).toMatchObject({ kind: 'nothing-to-do', plan: plan.id });
  });

  test('loses its proposal when the volume is gone', () => {
    const pool = createPool(cluster);
    activate(pool, { policies });
    delete pool.cluster.volumes.vol1;
    const { plans } = activate(pool, { policies });
    expect(plans.map((record) => [record.status, record.message])).toEqual([
      ['cancelled', 'the volume vol1 does not exist any more'],
    ]);
  });
});
