// The trigger, and what keeps its memory: only fresh knowledge starts or ends a crossing.
import { expect, test } from 'vitest';
import { judgeLevel, type Level, trackCrossing } from '../../../../coordinator/core/growth/level.ts';
import { viewCluster } from '../../../../coordinator/core/view-cluster.ts';
import { buildState, morning, policyWith, type StateSpec } from '../../../support/cluster-builder.ts';

function levelWith(free: [number, number], spec: StateSpec = {}): Level {
  const state = buildState(
    {
      servers: { gluster1: { b1: { freePercent: free[0] } }, gluster2: { b1: { freePercent: free[1] } } },
      volumes: { vol1: { kind: 'distribute', bricks: ['gluster1:b1/vol1-1', 'gluster2:b1/vol1-2'] } },
    },
    spec,
  );
  const [volume] = viewCluster(state, morning).volumes;
  if (volume === undefined) throw new Error('no volume');
  return judgeLevel(volume, policyWith({ level: { freePercent: 20 } }));
}

test.each<[string, [number, number], Level['kind']]>([
  ['above the level when every subvolume is', [20, 90], 'above'],
  ['below the level when one subvolume is, whatever the sum', [90, 19.9], 'below'],
])('a volume is %s', (_, free, kind) => {
  expect(levelWith(free).kind).toBe(kind);
});

test('a volume is of unknown level, with the reason, when a server with a part of it is silent', () => {
  expect(levelWith([10, 10], { silentMs: { gluster2: 60_000 } })).toEqual({
    kind: 'unknown',
    sentence: 'the space of subvolume 2 is not known: gluster2 is silent',
  });
});

const before = morning - 5000;
test.each<[string, number | null, boolean | null, number | null]>([
  ['starts when the level is below', null, true, morning],
  ['goes on while it stays below', before, true, before],
  ['ends when it is above', before, false, null],
  ['goes on while nothing is known', before, null, before],
  ['does not start while nothing is known', null, null, null],
  ['starts again when it would have begun in the future', morning + 1, true, morning],
])('a crossing %s', (_, since, isCrossed, expected) => {
  expect(trackCrossing(since, isCrossed, morning)).toBe(expected);
});
