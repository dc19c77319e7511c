// The independent judge: a plan as the core writes it passes, and each way of spoiling it is named.
import { expect, test } from 'vitest';
import { checkPlan, type Violation } from '../../../../coordinator/core/planning/check-plan.ts';
import { hashPlan } from '../../../../coordinator/core/planning/write-plan.ts';
import { previewGrowth } from '../../../../coordinator/core/preview-growth.ts';
import { viewCluster } from '../../../../coordinator/core/view-cluster.ts';
import type { AbsolutePath, ServerName, VolumeId, VolumeName } from '../../../../shared/model/names.ts';
import type { Plan } from '../../../../shared/model/plan.ts';
import type { Policy } from '../../../../shared/model/policy.ts';
import type { Step, StepOf } from '../../../../shared/model/step.ts';
import {
  alikeServers,
  autoPolicy,
  buildState,
  type ClusterSpec,
  type DiskSpec,
  morning,
  policyWith,
  type StateSpec,
} from '../../../support/cluster-builder.ts';

const disks: Record<string, DiskSpec> = { b1: { freePercent: 12 }, b2: {}, b3: {}, b4: { sameAs: 'b1' } };

function clusterWith(over: Partial<ClusterSpec['servers']> = {}): ClusterSpec {
  const servers = { ...alikeServers(3, disks), ...over } as ClusterSpec['servers'];
  return {
    servers,
    volumes: {
      vol1: { kind: 'replicate', members: 2, bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-1'] },
    },
  };
}

const good = (() => {
  const state = buildState(clusterWith(), { policies: { vol1: autoPolicy } });
  const plan = previewGrowth(state, 'vol1' as VolumeName, morning)?.plan;
  if (plan == null) throw new Error('no plan');
  return plan;
})();

function check(
  plan: Plan,
  policy: Policy = autoPolicy,
  spec: StateSpec = {},
  cluster = clusterWith(),
): Violation[] {
  return checkPlan(plan, viewCluster(buildState(cluster, spec), morning), policy);
}

/** The good plan with other steps, and the hash that these have. */
function withSteps(change: (steps: Step[]) => Step[]): Plan {
  const steps = change(good.steps);
  return { ...good, steps, hash: hashPlan({ goal: good.goal, steps }) };
}

/** The good plan with other bricks to add, each with its directory. */
function withBricks(...specs: string[]): Plan {
  return withSteps((steps) => {
    const bricks = specs.map((spec) => {
      const [host = '', path = ''] = spec.split(':');
      return { host: host as ServerName, path: path as AbsolutePath };
    });
    const directories = bricks.map(
      ({ host, path }): Step => ({
        kind: 'make-brick-directory',
        server: host,
        mountPoint: path.slice(0, path.lastIndexOf('/')) as AbsolutePath,
        path,
      }),
    );
    const rest = steps.filter((step) => step.kind !== 'make-brick-directory');
    return [...directories, ...rest.map((step) => (step.kind === 'add-brick' ? { ...step, bricks } : step))];
  });
}

function withAddBrick(change: Partial<StepOf<'add-brick'>>): Plan {
  return withSteps((steps) =>
    steps.map((step) => (step.kind === 'add-brick' ? { ...step, ...change } : step)),
  );
}

test('a plan as it was written breaks nothing', () => {
  expect(check(good)).toEqual([]);
});

const otherVolume = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb' as VolumeId;
const tight = policyWith({ limits: { maxBricks: 3, maxSizeBytes: null, maxGrowthsPerDay: null } });
const small = policyWith({ limits: { maxBricks: null, maxSizeBytes: 1000, maxGrowthsPerDay: null } });

test.each<[string, () => Violation[], Violation['law'], RegExp]>([
  [
    'two bricks of a subvolume on one server',
    () => check(withBricks('gluster1:/bricks/b2/x', 'gluster1:/bricks/b3/x')),
    3,
    /two bricks of one subvolume are on one server/,
  ],
  [
    'a brick on the filesystem of an existing one, by another mount',
    () => check(withBricks('gluster1:/bricks/b4/x', 'gluster2:/bricks/b2/x')),
    3,
    /gluster1:\/bricks\/b4\/x would share a filesystem with gluster1:\/bricks\/b1\/vol1-1/,
  ],
  [
    'two new bricks of one volume on one filesystem',
    () =>
      check(
        withBricks(
          'gluster1:/bricks/b2/x',
          'gluster2:/bricks/b2/x',
          'gluster1:/bricks/b2/y',
          'gluster2:/bricks/b3/y',
        ),
      ),
    3,
    /gluster1:\/bricks\/b2\/y would share a filesystem with gluster1:\/bricks\/b2\/x/,
  ],
  [
    'a brick that exists already',
    () => check(withBricks('gluster1:/bricks/b1/vol1-1', 'gluster2:/bricks/b2/x')),
    3,
    /gluster1:\/bricks\/b1\/vol1-1 is a brick already/,
  ],
  [
    'an incomplete subvolume',
    () => check(withBricks('gluster1:/bricks/b2/x')),
    'form',
    /1 bricks are not a multiple of the 2/,
  ],
  [
    'a brick without its directory',
    () => check(withSteps((steps) => steps.slice(1))),
    'form',
    /no step before add-brick makes gluster1:\/bricks\/b2\/vol1-2/,
  ],
  [
    'a directory after add-brick',
    () => check(withSteps((steps) => [...steps.slice(1), ...steps.slice(0, 1)])),
    'form',
    /no step before add-brick|only fix-layout comes after/,
  ],
  [
    'two add-bricks',
    () => check(withSteps((steps) => [...steps, ...steps.filter((step) => step.kind === 'add-brick')])),
    'form',
    /exactly one add-brick/,
  ],
  [
    'a step for another volume',
    () => check(withAddBrick({ volumeId: otherVolume })),
    'form',
    /another volume/,
  ],
  [
    'a count of bricks that is not the volume’s any more',
    () => check(withAddBrick({ brickCountBefore: 4 })),
    6,
    /vol1 has 2 bricks and not 4/,
  ],
  [
    'a brick outside of any slot',
    () => check(withBricks('gluster1:/srv/x', 'gluster2:/bricks/b2/x')),
    6,
    /gluster1:\/srv\/x does not lie directly in a slot/,
  ],
  [
    'a brick on a disk that is not mounted',
    () => check(good, autoPolicy, {}, clusterWith({ gluster1: { ...disks, b2: { isMounted: false } } })),
    6,
    /does not lie directly in a slot with a mounted filesystem/,
  ],
  [
    'a brick on a disk that is read-only',
    () => check(good, autoPolicy, {}, clusterWith({ gluster1: { ...disks, b2: { isReadOnly: true } } })),
    6,
    /the root filesystem or read-only/,
  ],
  [
    'a server that is silent',
    () => check(good, autoPolicy, { silentMs: { gluster2: 11_000 } }),
    6,
    /nothing fresh is known of gluster2/,
  ],
  [
    'steps that are not those of the hash',
    () => check({ ...good, hash: '0'.repeat(64) }),
    5,
    /the hash is not that of the goal and the steps/,
  ],
  ['more bricks than the limit', () => check(good, tight), 'limits', /4 bricks, and limits.maxBricks is 3/],
  ['more bytes than the limit', () => check(good, small), 'limits', /limits.maxSizeBytes is 1000/],
])('%s is found', (_, ask, law, sentence) => {
  const violations = ask();
  expect(violations.map((violation) => violation.law)).toContain(law);
  expect(violations.map((violation) => violation.sentence).join('\n')).toMatch(sentence);
});

test('the hash is of what the plan does, in whatever order its fields were written', () => {
  const turned = good.steps.map(
    (step) => Object.fromEntries(Object.entries(step).reverse()) as unknown as Step,
  );
  expect(JSON.stringify(turned)).not.toBe(JSON.stringify(good.steps));
  expect(hashPlan({ goal: good.goal, steps: turned })).toBe(good.hash);
  expect(hashPlan({ goal: good.goal, steps: good.steps.slice(1) })).not.toBe(good.hash);
});

test('a plan for a volume that nobody knows is refused', () => {
  expect(check({ ...good, goal: { ...good.goal, volumeId: otherVolume } })).toEqual([
    { law: 6, sentence: 'the volume vol1 is not known' },
  ]);
});

test.each<[string, string, string[]]>([
  ['gluster1', 'gluster2', ['3 two bricks of one subvolume are in the zone dc1, and there are 2 zones']],
  ['gluster1', 'gluster3', []],
])('zones suffice, and members on %s and %s are judged by law 3', (first, second, expected) => {
  const zones = { gluster1: 'dc1/r1', gluster2: 'dc1/r2', gluster3: 'dc2/r1' };
  const plan = withBricks(`${first}:/bricks/b2/x`, `${second}:/bricks/b2/x`);
  const violations = check(plan, autoPolicy, {}, { ...clusterWith(), zones });
  expect(violations.map(({ law, sentence }) => `${law} ${sentence.split(':')[0]}`)).toEqual(expected);
});
