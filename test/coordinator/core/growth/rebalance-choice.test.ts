// What follows add-brick, and that nothing is moved where moving can lose it.
import { expect, test } from 'vitest';
import type { Policy } from '../../../../shared/model/policy.ts';
import { autoPolicy, onServer, seenValue } from '../../../support/cluster-builder.ts';
import { fillingCluster } from '../../../support/plan-in-flight.ts';
import { createPool, runToEnd } from '../../../support/simulated-pool.ts';

const onVersion = (version: string) =>
  onServer('gluster2', (sections) => ({
    gluster: { kind: 'seen', seenAt: 0, value: { ...seenValue(sections.gluster), version } },
  }));

test.each<[Policy['rebalance'], string, string]>([
  ['none', '10.3', 'add-brick'],
  ['layout', '11.0', 'fix-layout'],
  ['data', '10.3', 'rebalance'],
  ['data', '11.1', 'rebalance'],
  ['data', '11.0', 'fix-layout'],
])('a growth with rebalance %s on Gluster %s ends with %s', (rebalance, version, last) => {
  const spec = { policies: { vol1: { ...autoPolicy, rebalance } }, change: onVersion(version) };
  const { plan, status } = runToEnd(createPool(fillingCluster), spec);
  expect([plan.steps.at(-1)?.kind, status]).toEqual([last, 'done']);
  const whyLayout = plan.reasons.filter((reason) => reason.includes('#4148'));
  expect(whyLayout).toEqual(
    rebalance === 'data' && last === 'fix-layout'
      ? [
          'only the layout is fixed: gluster2 runs Gluster 11.0, and a full rebalance on 11.0 can delete files (#4148)',
        ]
      : [],
  );
});
