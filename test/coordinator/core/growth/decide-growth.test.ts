// The decision's questions in their order, and its sentences, which people read alone.
import { describe, expect, test } from 'vitest';
import { decideGrowth, type GrowthConclusion } from '../../../../coordinator/core/growth/decide-growth.ts';
import { startPlan } from '../../../../coordinator/core/planning/approve-plan.ts';
import { proposePlan } from '../../../../coordinator/core/planning/propose-plan.ts';
import type { State } from '../../../../coordinator/core/state.ts';
import { viewCluster } from '../../../../coordinator/core/view-cluster.ts';
import type { PlanRecord } from '../../../../shared/model/plan.ts';
import type { Policy } from '../../../../shared/model/policy.ts';
import {
  alikeServers,
  buildState,
  type ClusterSpec,
  morning,
  type StateSpec,
} from '../../../support/cluster-builder.ts';

const GiB = 1024 ** 3;

function cluster(freePercent: number, disks: ClusterSpec['servers'][string] = { b2: {} }): ClusterSpec {
  return {
    servers: alikeServers(2, { b1: { freePercent }, ...disks }),
    volumes: {
      vol1: { kind: 'replicate', members: 2, bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1'] },
    },
  };
}

function decide(of: ClusterSpec, policy: Partial<Policy>, spec: StateSpec = {}): GrowthConclusion {
  return decideIn(buildState(of, { ...spec, policies: { vol1: policy } }));
}

function decideIn(state: State, now = morning): GrowthConclusion {
  const view = viewCluster(state, now);
  const [volume] = view.volumes;
  if (volume === undefined) throw new Error('no volume');
  return decideGrowth(state, view, volume);
}

const crossing =
  'vol1 has 12.3 % free in subvolume 1 (gluster1:/bricks/b1/vol1-1 and gluster2:/bricks/b1/vol1-1), below 20 %';

describe('a volume', () => {
  test('whose policy is off is only watched, however full', () => {
    const { decision, plan } = decide(cluster(1), { mode: 'off' });
    expect(decision).toMatchObject({
      kind: 'off',
      sentence: 'the policy of vol1 is "off": Mortar only watches',
    });
    expect(plan).toBe(null);
  });

  test('whose policy is off still has its crossing remembered', () => {
    expect(decide(cluster(1), { mode: 'off' }).crossedSince).toBe(morning);
  });

  test('above its level has nothing to be done', () => {
    expect(decide(cluster(57.15), {}).decision).toMatchObject({
      kind: 'nothing-to-do',
      sentence:
        'vol1 has 57.1 % free in subvolume 1 (gluster1:/bricks/b1/vol1-1 and gluster2:/bricks/b1/vol1-1), above the level of 20 %',
    });
  });

  test('below its level waits whether that lasts', () => {
    const { decision, wakeAt } = decide(cluster(12.35), { holdSeconds: 300 });
    expect(decision.sentence).toBe(
      `${crossing}; it is waiting whether that lasts for 5 m, until 2026-11-21 10:05:00Z`,
    );
    expect(decision.kind).toBe('waiting');
    expect(wakeAt).toBe(morning + 300_000);
  });

  test('is proposed to grow once the hold is over', () => {
    const crossedSince = new Map([['vol1' as never, morning - 300_000]]);
    const { decision } = decide(cluster(12.35), { holdSeconds: 300 }, { rest: { crossedSince } });
    expect(decision.kind).toBe('proposed');
    expect(decision.sentence).toBe(
      `${crossing}: grow-vol1-20261121t100000z would make it grow, and waits for approval`,
    );
    expect(decision.reasons).toEqual([
      crossing,
      '1 more subvolume brings the volume from 12.3 % to 53.6 % free; the target is 40 %',
    ]);
  });

  test('whose gates are closed says which', () => {
    const one: ClusterSpec = {
      ...cluster(12.35),
      volumes: { vol1: { ...cluster(1).volumes.vol1!, status: 'stopped' } },
    };
    expect(decide(one, {}).decision).toMatchObject({
      kind: 'blocked',
      sentence: `${crossing}, but must not change now: vol1 is not started (it is stopped)`,
      reasons: ['vol1 is not started (it is stopped)'],
    });
  });

  test('without a slot left has no room, with a reason for every slot', () => {
    const { decision, plan } = decide(cluster(12.35, { b2: { isMounted: false } }), {});
    expect(plan).toBe(null);
    expect(decision.kind).toBe('no-room');
    expect(decision.sentence).toBe(
      `${crossing}, but there is no room to grow: a new subvolume of vol1 needs 2 different servers with a usable slot each, and none has one`,
    );
    expect(
      decision.candidates.map(({ server, slot, verdict, reason }) => [`${server}:${slot}`, verdict, reason]),
    ).toEqual([
      ['gluster1:/bricks/b1', 'refused', 'its filesystem already holds the brick /bricks/b1/vol1-1 of vol1'],
      ['gluster1:/bricks/b2', 'refused', 'nothing is mounted at /bricks/b2'],
      ['gluster2:/bricks/b1', 'refused', 'its filesystem already holds the brick /bricks/b1/vol1-1 of vol1'],
      ['gluster2:/bricks/b2', 'refused', 'nothing is mounted at /bricks/b2'],
    ]);
  });

  test('with one full subvolume but enough space as a whole is not given more bricks, which would not empty that one', () => {
    const grown: ClusterSpec = {
      servers: alikeServers(2, { b1: { freePercent: 12.35 }, b2: { freePercent: 90 }, b3: {} }),
      volumes: {
        vol1: {
          kind: 'replicate',
          members: 2,
          bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1', 'gluster1:b2/vol1-2', 'gluster2:b2/vol1-2'],
        },
      },
    };
    expect(decide(grown, {}).decision).toMatchObject({
      kind: 'nothing-to-do',
      sentence: `${crossing}, but 51.1 % over all its subvolumes, not below the level of 20 %: more bricks would not empty that one, moving data would`,
    });
  });

  test('whose policy is not sound is not changed', () => {
    const limits = { maxBricks: null, maxSizeBytes: null, maxGrowthsPerDay: null };
    expect(decide(cluster(12.35), { mode: 'auto', limits }).decision).toMatchObject({
      kind: 'blocked',
      reasons: [
        'mode "auto" needs a limit: set limits.maxBricks or limits.maxSizeBytes',
        'mode "auto" needs a limit on how often it grows: set limits.maxGrowthsPerDay',
      ],
    });
  });
});

describe('a limit', () => {
  const limits = { maxBricks: null, maxSizeBytes: null, maxGrowthsPerDay: null };

  test.each<[string, Partial<Policy['limits']>, string]>([
    ['on bricks', { maxBricks: 3 }, 'vol1 has 2 bricks and grows by 2 at a time, and limits.maxBricks is 3'],
    ['on the size', { maxSizeBytes: 150 * GiB }, 'vol1 has 100 GiB, and limits.maxSizeBytes is 150 GiB'],
    ['of no growth at all', { maxGrowthsPerDay: 0 }, 'limits.maxGrowthsPerDay of vol1 is 0'],
  ])('%s is never exceeded, and is said', (_, limit, sentence) => {
    const conclusion = decide(cluster(12.35), { limits: { ...limits, ...limit } });
    expect(conclusion.decision).toMatchObject({ kind: 'blocked', reasons: [sentence] });
    expect(conclusion.limits).toEqual([sentence]);
    expect(conclusion.plan).toBe(null);
  });

  test('on the bricks makes the growth smaller where the target asks for more', () => {
    const disks = { b2: {}, b3: {}, b4: {} };
    const policy = { target: { freePercent: 70 }, limits: { ...limits, maxBricks: 5 } };
    const { decision, plan } = decide(cluster(12.35, disks), policy);
    expect(plan?.after.bricks).toBe(4);
    expect(decision.reasons.at(-1)).toBe(
      'vol1 has 2 bricks and grows by 2 at a time, and limits.maxBricks is 5',
    );
    expect(decide(cluster(12.35, disks), { target: { freePercent: 70 }, limits }).plan?.after.bricks).toBe(8);
  });

  test('on growths a day counts those of the last 24 hours, failed ones too, and says when the next may start', () => {
    const dayMs = 86_400_000;
    const policy = { limits: { ...limits, maxGrowthsPerDay: 2 } };
    const past = (startedAt: number, status: PlanRecord['status']): PlanRecord => {
      const { plan } = decide(cluster(12.35), {});
      if (plan === null) throw new Error('no plan');
      const id = `grow-vol1-${startedAt}` as typeof plan.id;
      return {
        ...startPlan(proposePlan({ ...plan, id }), 'policy', startedAt),
        status,
        endedAt: startedAt + 1000,
      };
    };
    const withPast = (records: PlanRecord[]): GrowthConclusion =>
      decide(cluster(12.35), policy, {
        rest: { plans: new Map(records.map((record) => [record.plan.id, record])) },
      });
    const first = past(morning - 5_000_000, 'failed');
    const { decision, wakeAt } = withPast([first, past(morning - 4_000_000, 'done')]);
    expect(decision.kind).toBe('blocked');
    expect(decision.reasons).toEqual([
      'vol1 was grown 2 times within 24 hours, and limits.maxGrowthsPerDay is 2; the next may start at 2026-11-22 08:36:40Z',
    ]);
    expect(wakeAt).toBe(morning - 5_000_000 + dayMs);
    expect(withPast([past(morning - dayMs, 'done'), first]).decision.kind).toBe('proposed');
    expect(withPast([past(morning - 1000, 'cancelled'), first]).decision.kind).toBe('proposed');
  });
});

describe('after a growth', () => {
  const ended = (status: 'done' | 'failed' | 'cancelled', agoMs: number): GrowthConclusion => {
    const { plan } = decide(cluster(12.35), {});
    if (plan === null) throw new Error('no plan');
    const record = {
      ...startPlan(proposePlan(plan), 'policy', morning - agoMs),
      status,
      endedAt: morning - agoMs,
    };
    return decide(cluster(12.35), { cooldownSeconds: 60 }, { rest: { plans: new Map([[plan.id, record]]) } });
  };

  test.each<['done' | 'failed' | 'cancelled', number, string]>([
    ['done', 59_999, 'waiting'],
    ['failed', 59_999, 'waiting'],
    ['cancelled', 0, 'proposed'],
    ['done', 60_000, 'proposed'],
  ])('that is %s for %d ms the decision is %s', (status, agoMs, kind) => {
    expect(ended(status, agoMs).decision.kind).toBe(kind);
  });

  test('it cools down, and wakes up when that is over', () => {
    const { decision, wakeAt } = ended('done', 20_000);
    expect(decision.sentence).toBe(
      `${crossing}; its last growth ended at 2026-11-21 09:59:40Z, and it cools down until 2026-11-21 10:00:40Z`,
    );
    expect(wakeAt).toBe(morning + 40_000);
  });
});

test('a volume whose plan is carried out says how far it is', () => {
  const { plan } = decide(cluster(12.35), {});
  if (plan === null) throw new Error('no plan');
  const record = startPlan(proposePlan(plan), 'ada', morning);
  const { decision } = decide(
    cluster(12.35),
    { mode: 'off' },
    { rest: { plans: new Map([[plan.id, record]]) } },
  );
  expect(decision).toMatchObject({
    kind: 'growing',
    plan: plan.id,
    sentence:
      'vol1 is growing by grow-vol1-20261121t100000z, step 1 of 4: make the brick directory /bricks/b2/vol1-2 on gluster1',
  });
});
