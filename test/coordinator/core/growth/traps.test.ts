// The traps that other tools' automatic growth fell into, each named after what happened there.
import { describe, expect, test } from 'vitest';
import { decideGrowth } from '../../../../coordinator/core/growth/decide-growth.ts';
import { subvolumeKey } from '../../../../coordinator/core/growth/forecast/forecast-subvolume.ts';
import type { Sample } from '../../../../coordinator/core/growth/forecast/sample.ts';
import type { State } from '../../../../coordinator/core/state.ts';
import { viewCluster } from '../../../../coordinator/core/view-cluster.ts';
import {
  alikeServers,
  autoPolicy,
  buildState,
  type ClusterSpec,
  GiB,
  morning,
  policyWith,
} from '../../../support/cluster-builder.ts';
import {
  activate,
  createPool,
  finishRebalances,
  type SimulatedPool,
} from '../../../support/simulated-pool.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function cluster(freePercent: number, spares = 6): ClusterSpec {
  const disks = Object.fromEntries(Array.from({ length: spares }, (_, index) => [`c${index}`, {}]));
  return {
    servers: alikeServers(2, { b1: { freePercent }, ...disks }),
    volumes: {
      vol1: { kind: 'replicate', members: 2, bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1'] },
    },
  };
}

const guarded = { ...autoPolicy, holdSeconds: 300, cooldownSeconds: 6 * 3600 };

/** Activates every `stepMs` for `forMs`, each task of Gluster done by then; how many plans were started. */
function run(pool: SimulatedPool, policy: typeof autoPolicy, forMs: number, stepMs: number): number {
  for (const until = pool.now + forMs; pool.now < until; pool.now += stepMs) {
    activate(pool, { policies: { vol1: policy } });
    finishRebalances(pool);
  }
  return [...pool.memory.plans.values()].filter((record) => record.startedAt !== null).length;
}

/** Every disk that holds a brick of the volume has so much free now, as if it were filled at once. */
function fill(pool: SimulatedPool, freePercent: number): void {
  for (const brick of pool.cluster.volumes.vol1?.bricks ?? []) {
    const [server = '', path = ''] = brick.split(':');
    const [disk = ''] = path.split('/');
    const disks = pool.cluster.servers[server];
    if (disks !== undefined) {
      pool.cluster.servers[server] = { ...disks, [disk]: { ...disks[disk], freePercent } };
    }
  }
}

test('one zero sample grows nothing (pvc-autoresizer #118)', () => {
  const pool = createPool(cluster(50));
  activate(pool, { policies: { vol1: guarded } });
  fill(pool, 0);
  pool.now += 1000;
  const { decisions } = activate(pool, { policies: { vol1: guarded } });
  expect(decisions[0]).toMatchObject({
    kind: 'waiting',
    sentence: expect.stringContaining('lasts for 10 s'),
  });
  fill(pool, 50);
  expect(run(pool, guarded, hourMs, minuteMs)).toBe(0);
});

describe('a fast fill during the cooldown (AWS RDS: 50 GB in an hour)', () => {
  function grownAndFull(): SimulatedPool {
    const pool = createPool(cluster(15));
    expect(run(pool, guarded, 20 * minuteMs, 10_000)).toBe(1);
    fill(pool, 2);
    return pool;
  }

  test('passes the cooldown once when it is an emergency', () => {
    const pool = grownAndFull();
    expect(run(pool, guarded, 2 * minuteMs, 10_000)).toBe(2);
  });

  test('and only once, however full it is', () => {
    const pool = grownAndFull();
    for (let turn = 0; turn < 5; turn += 1) {
      run(pool, guarded, 10 * minuteMs, 10_000);
      fill(pool, 2);
    }
    expect(run(pool, guarded, 10 * minuteMs, 10_000)).toBe(2);
    const { decisions } = activate(pool, { policies: { vol1: guarded } });
    expect(decisions[0]).toMatchObject({
      kind: 'waiting',
      sentence: expect.stringContaining('an emergency may pass that once, and the last growth did'),
    });
  });

  test('waits when emergencies are turned off', () => {
    const policy = { ...guarded, emergency: { freePercent: 0 } };
    const pool = createPool(cluster(15));
    run(pool, policy, 20 * minuteMs, 10_000);
    fill(pool, 2);
    expect(run(pool, policy, 10 * minuteMs, 10_000)).toBe(1);
  });
});

test('repeated growth to the limit in minutes does not happen while a volume stays below its level (pvc-autoresizer #296)', () => {
  const pool = createPool(cluster(15));
  for (let minute = 0; minute < 60; minute += 1) {
    run(pool, guarded, minuteMs, 10_000);
    fill(pool, 15);
  }
  expect(run(pool, guarded, minuteMs, 10_000)).toBe(1);
  expect(pool.cluster.volumes.vol1?.bricks).toHaveLength(4);
});

test('a policy without cooldown still ends with its growths a day', () => {
  const policy = { ...autoPolicy, limits: { ...autoPolicy.limits, maxGrowthsPerDay: 2 } };
  const pool = createPool(cluster(15));
  for (let minute = 0; minute < 60; minute += 1) {
    run(pool, policy, minuteMs, 10_000);
    fill(pool, 15);
  }
  expect(run(pool, policy, minuteMs, 10_000)).toBe(2);
});

test('stale capacity beside fresh use grows nothing (pvc-autoresizer #387)', () => {
  const state = buildState(cluster(15), { policies: { vol1: guarded }, silentMs: { gluster2: 60_000 } });
  expect(decide(state)).toMatchObject({
    kind: 'blocked',
    sentence: expect.stringContaining('gluster2 is silent'),
  });
});

describe('a level of its own', () => {
  test.each<[string, Parameters<typeof policyWith>[0], string]>([
    [
      'in bytes',
      { level: { freeBytes: 60 * GiB } },
      'vol1 has 50 GiB free in subvolume 1 (gluster1:/bricks/b1/vol1-1 and gluster2:/bricks/b1/vol1-1), below 60 GiB',
    ],
    [
      'in inodes',
      { level: { freeInodesPercent: 95 } },
      'vol1 has 90.0 % of its inodes free in subvolume 1 (gluster1:/bricks/b1/vol1-1 and gluster2:/bricks/b1/vol1-1), below 95 %',
    ],
  ])('%s is crossed although the percentage is not', (_, policy, sentence) => {
    const state = buildState(cluster(50), { policies: { vol1: policyWith(policy) } });
    expect(decide(state)).toMatchObject({ kind: 'proposed', sentence: expect.stringContaining(sentence) });
  });
});

describe('a maintenance window', () => {
  const window = { days: ['sat' as const], from: '22:00', to: '04:00' };

  test('keeps a plan from starting by itself, and says when it opens', () => {
    const state = buildState(cluster(15), { policies: { vol1: { ...autoPolicy, window } } });
    expect(decide(state)).toMatchObject({
      kind: 'waiting',
      sentence: expect.stringContaining(
        'waits for its maintenance window, which opens at 2026-11-21 22:00:00Z',
      ),
    });
  });

  test('does not keep a plan from being proposed', () => {
    const state = buildState(cluster(15), { policies: { vol1: policyWith({ window }) } });
    expect(decide(state).kind).toBe('proposed');
  });
});

describe('a forecast', () => {
  const growing = (percentPerDay: number, freePercent: number): State => {
    const state = buildState(cluster(freePercent), { policies: { vol1: policyWith({}) } });
    const [volume] = viewCluster(state, morning).volumes;
    const [subvolume] = volume?.subvolumes ?? [];
    if (volume === undefined || subvolume?.sizeBytes == null) throw new Error('no volume');
    const sizeBytes = subvolume.sizeBytes;
    const samples = Array.from({ length: 10 * 24 }, (_, index): Sample => {
      const at = morning - (10 * 24 - 1 - index) * hourMs;
      const used = 100 - freePercent - (percentPerDay * (morning - at)) / (24 * hourMs);
      return { at, usedBytes: Math.round((sizeBytes * used) / 100), sizeBytes };
    });
    return { ...state, histories: new Map([[subvolumeKey(volume.volume.id, subvolume), samples]]) };
  };

  test('calls for a growth within the lead time, before the level is crossed', () => {
    const conclusion = decide(growing(8, 22));
    expect(conclusion).toMatchObject({ kind: 'proposed' });
    expect(conclusion.sentence).toMatch(
      /22\.0 % free in subvolume 1 .*, and will be full in .* within the lead time of 3 d/,
    );
  });

  test('does not while there is more time, nor where the policy has none', () => {
    expect(decide(growing(2, 22)).kind).toBe('nothing-to-do');
    const state = growing(8, 22);
    const policies = new Map(
      [...state.policies].map(([name, policy]) => [name, { ...policy, forecast: null }]),
    );
    expect(decide({ ...state, policies }).kind).toBe('nothing-to-do');
  });
});

function decide(state: State) {
  const view = viewCluster(state, morning);
  const [volume] = view.volumes;
  if (volume === undefined) throw new Error('no volume');
  return decideGrowth(state, view, volume).decision;
}
