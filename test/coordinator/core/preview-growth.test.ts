// The preview: the plan that would run, whatever the policy says about when, with every reason against it.
import { expect, test } from 'vitest';
import { previewGrowth } from '../../../coordinator/core/preview-growth.ts';
import { reconcile } from '../../../coordinator/core/reconcile.ts';
import type { VolumeName } from '../../../shared/model/names.ts';
import { describeStep } from '../../../shared/model/step.ts';
import {
  alikeServers,
  autoPolicy,
  buildState,
  type ClusterSpec,
  morning,
  type StateSpec,
} from '../../support/cluster-builder.ts';
import { activate, createPool, stateOf } from '../../support/simulated-pool.ts';

const vol1 = 'vol1' as VolumeName;
const GiB = 1024 ** 3;

function clusterWith(
  freePercent: number,
  more: ClusterSpec['servers'][string] = { b2: {}, b3: {} },
): ClusterSpec {
  return {
    servers: alikeServers(2, { b1: { freePercent }, ...more }),
    volumes: {
      vol1: { kind: 'replicate', members: 2, bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1'] },
    },
  };
}

function preview(freePercent: number, spec: StateSpec = {}, more?: ClusterSpec['servers'][string]) {
  const answer = previewGrowth(buildState(clusterWith(freePercent, more), spec), vol1, morning);
  if (answer === null) throw new Error('no such volume');
  return answer;
}

test('shows the steps, the space before and after, and every slot', () => {
  const { decision, plan, candidates } = preview(12);
  expect(decision.kind).toBe('proposed');
  expect(plan?.steps.map(describeStep)).toEqual([
    'make the brick directory /bricks/b2/vol1-2 on gluster1',
    'make the brick directory /bricks/b2/vol1-2 on gluster2',
    'add gluster1:/bricks/b2/vol1-2, gluster2:/bricks/b2/vol1-2 to vol1',
    'fix the layout of vol1, so that existing directories use the new bricks',
  ]);
  expect(plan?.before).toEqual({ subvolumes: 1, bricks: 2, sizeBytes: 100 * GiB, freeBytes: 12 * GiB });
  expect(plan?.after).toEqual({ subvolumes: 2, bricks: 4, sizeBytes: 200 * GiB, freeBytes: 107 * GiB });
  expect(candidates.map(({ slot, verdict }) => `${slot} ${verdict}`)).toEqual([
    '/bricks/b1 refused',
    '/bricks/b2 chosen',
    '/bricks/b3 possible',
    '/bricks/b1 refused',
    '/bricks/b2 chosen',
    '/bricks/b3 possible',
  ]);
});

test('leaves fix-layout out where the policy does', () => {
  const { plan } = preview(12, { policies: { vol1: { rebalance: 'none' } } });
  expect(plan?.steps.map((step) => step.kind)).toEqual([
    'make-brick-directory',
    'make-brick-directory',
    'add-brick',
  ]);
});

test.each<[string, number, StateSpec]>([
  ['is off', 12, { policies: { vol1: { mode: 'off' } } }],
  ['would wait for its hold', 12, { policies: { vol1: { holdSeconds: 600 } } }],
  ['has its level far below', 90, {}],
])('is given although the policy %s', (_, freePercent, spec) => {
  const { plan, decision } = preview(freePercent, spec);
  expect(decision.kind).toBe('proposed');
  expect(plan?.after.bricks).toBe(4);
});

test('is the plan that an activation writes at the same moment', () => {
  const state = buildState(clusterWith(12), { policies: { vol1: autoPolicy } });
  const [record] = reconcile(state, morning).plans;
  expect(previewGrowth(state, vol1, morning)?.plan).toMatchObject({
    id: record?.plan.id,
    hash: record?.plan.hash,
  });
});

test('has the same hash a minute later, and the same plan when it was proposed meanwhile', () => {
  const pool = createPool(clusterWith(12));
  const first = previewGrowth(stateOf(pool), vol1, pool.now)?.plan;
  activate(pool, { policies: { vol1: { mode: 'plan' } } });
  pool.now += 60_000;
  const later = previewGrowth(stateOf(pool), vol1, pool.now)?.plan;
  expect(later?.hash).toBe(first?.hash);
  expect(later?.id).toBe(first?.id);
});

test('tells the gates that are closed, and shows the plan all the same', () => {
  const { decision, plan } = preview(12, { policies: { vol1: { target: { freePercent: 10 } } } });
  expect(decision.kind).toBe('blocked');
  expect(decision.reasons).toEqual([
    'target.freePercent (10) must be above level.freePercent (20), or each growth would call for the next',
  ]);
  expect(plan).not.toBe(null);
});

test('without room says so, with a reason for every slot', () => {
  const { decision, plan, candidates } = preview(12, {}, {});
  expect(plan).toBe(null);
  expect(decision.kind).toBe('no-room');
  expect(candidates.map((candidate) => candidate.verdict)).toEqual(['refused', 'refused']);
});

test('of a volume of unknown space says what is unknown', () => {
  const { decision, plan } = preview(12, { silentMs: { gluster2: 20_000 } });
  expect(plan).toBe(null);
  expect(decision.sentence).toBe(
    'vol1 cannot be grown: the space of subvolume 1 is not known: gluster2 is silent',
  );
});

test('of a volume that nobody knows is null', () => {
  expect(previewGrowth(buildState(clusterWith(12)), 'vol2' as VolumeName, morning)).toBe(null);
});
