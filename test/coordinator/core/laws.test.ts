// The laws over random clusters: what is planned keeps law 3, what is carried out keeps it too whatever becomes of the
// orders, the same state gives the same conclusion in any order, and an ended plan leaves the cluster quiet.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlan } from '../../../coordinator/core/planning/check-plan.ts';
import { previewGrowth } from '../../../coordinator/core/preview-growth.ts';
import { reconcile } from '../../../coordinator/core/reconcile.ts';
import { viewCluster } from '../../../coordinator/core/view-cluster.ts';
import { canonicalJson } from '../../../shared/lib/canonical-json.ts';
import type { VolumeName } from '../../../shared/model/names.ts';
import { arbitraryCluster, brokenSets, shuffled, stepsOrdered } from '../../support/arbitrary-cluster.ts';
import { autoPolicy, buildState, morning } from '../../support/cluster-builder.ts';
import { activate, createPool, finishRebalances, stateOf } from '../../support/simulated-pool.ts';

const vol1 = 'vol1' as VolumeName;
const policies = { vol1: autoPolicy };
const runs = { numRuns: 400 };

test('every preview with a plan keeps every law, by the independent checker', () => {
  let plans = 0;
  fc.assert(
    fc.property(arbitraryCluster, (cluster) => {
      const state = buildState(cluster, { policies });
      const preview = previewGrowth(state, vol1, morning);
      expect(preview).not.toBe(null);
      if (preview?.plan == null) {
        expect(preview?.decision.kind).not.toBe('proposed');
        expect(preview?.decision.reasons).not.toEqual([]);
        return;
      }
      plans += 1;
      expect(checkPlan(preview.plan, viewCluster(state, morning), autoPolicy)).toEqual([]);
    }),
    runs,
  );
  // Were the clusters such that nothing can be planned, the law above would be kept by doing nothing.
  expect(plans).toBeGreaterThan(runs.numRuns / 10);
});

test('every slot has one verdict and a reason', () => {
  fc.assert(
    fc.property(arbitraryCluster, (cluster) => {
      const state = buildState(cluster, { policies });
      const preview = previewGrowth(state, vol1, morning);
      const slots = viewCluster(state, morning).slots.map(({ server, slot }) => `${server}:${slot.path}`);
      expect(preview?.candidates.map(({ server, slot }) => `${server}:${slot}`)).toEqual(slots);
      expect(preview?.candidates.filter(({ reason }) => reason.length < 5)).toEqual([]);
      const chosen = preview?.candidates.filter(({ verdict }) => verdict === 'chosen') ?? [];
      const directories = preview?.plan?.steps.filter(({ kind }) => kind === 'make-brick-directory') ?? [];
      expect(chosen).toHaveLength(directories.length);
    }),
    runs,
  );
});

test('the same state in any order gives the same conclusion, byte for byte', () => {
  fc.assert(
    fc.property(arbitraryCluster, fc.integer({ min: 1, max: 1_000_000 }), (cluster, seed) => {
      const state = buildState(cluster, { policies });
      const conclude = (of: typeof state): string => {
        const { crossedSince, emergencySince, ...rest } = reconcile(of, morning);
        return canonicalJson({
          ...rest,
          crossedSince: [...crossedSince],
          emergencySince: [...emergencySince],
          preview: previewGrowth(of, vol1, morning),
        });
      };
      expect(conclude(shuffled(state, seed))).toBe(conclude(state));
    }),
    runs,
  );
});

test('a pool that is grown with whatever mishaps keeps law 3 and law 2, and every plan ends', () => {
  const mishaps = fc.array(
    fc.constantFrom('done', 'done', 'done', 'done', 'busy', 'refused', 'unknown', 'lost', 'failed'),
    { minLength: 40, maxLength: 40 },
  );
  const seen = new Set<string>();
  fc.assert(
    fc.property(arbitraryCluster, mishaps, (cluster, fates) => {
      const pool = createPool(cluster);
      pool.interfere = () => {
        const fate = fates[pool.orders.length % fates.length] ?? 'done';
        return fate === 'done' ? undefined : (fate as ReturnType<typeof pool.interfere>);
      };
      let isOpen = true;
      for (let turn = 0; turn < 300 && isOpen; turn += 1) {
        const { orders } = activate(pool, { policies });
        expect(orders.length).toBeLessThanOrEqual(1);
        expect(brokenSets(stateOf(pool), pool.now)).toEqual([]);
        const records = [...pool.memory.plans.values()];
        const inFlight = records.flatMap(({ status, steps }) =>
          status === 'running' ? steps.filter((step) => step.status === 'ordered') : [],
        );
        expect(inFlight.length).toBeLessThanOrEqual(1);
        isOpen = turn === 0 ? records.length > 0 : records.some(({ status }) => status === 'running');
        pool.now += 7000;
        finishRebalances(pool);
      }
      const [first] = [...pool.memory.plans.values()].sort((a, b) => a.plan.writtenAt - b.plan.writtenAt);
      if (first === undefined) return;
      seen.add(first.status);
      expect(['done', 'failed']).toContain(first.status);
      if (first.status === 'failed') expect(first.message).toMatch(/.{5}/);
    }),
    { numRuns: 200 },
  );
  expect([...seen].sort()).toEqual(['done', 'failed']);
});

test('no step is ordered before the one ahead of it is done', () => {
  fc.assert(
    fc.property(arbitraryCluster, (cluster) => {
      const pool = createPool(cluster);
      for (let turn = 0; turn < 40; turn += 1) {
        activate(pool, {
          policies: { vol1: { ...autoPolicy, cooldownSeconds: 100_000, emergency: { freePercent: 0 } } },
        });
        pool.now += 1000;
        finishRebalances(pool);
      }
      const steps = [...pool.memory.plans.values()].flatMap(({ plan }) => plan.steps);
      const inOrder = steps.map((step, index) => `${index} ${step.kind}`);
      expect(stepsOrdered(pool.orders)).toEqual(inOrder.slice(0, pool.orders.length));
    }),
    { numRuns: 100 },
  );
});
