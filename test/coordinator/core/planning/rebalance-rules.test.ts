// When a fix-layout is over: by the reports of every server with a brick, and by a task of its own time.
import { expect, test } from 'vitest';
import type { Volume } from '../../../../shared/model/volume.ts';
import { type ClusterSpec, morning, onServer, seenValue } from '../../../support/cluster-builder.ts';
import {
  addBrick,
  advance,
  fillingCluster,
  fixLayout,
  policies,
  poolAt,
  recordOf,
} from '../../../support/plan-in-flight.ts';
import { activate, apply, createPool } from '../../../support/simulated-pool.ts';

test('it is not over when Gluster has started it, but when every server with a brick has completed it', () => {
  const at = poolAt(fixLayout);
  expect(advance(at, 'done', 1000).record.status).toBe('running');
  apply(at.pool, at.order);
  const running = advance(at, 'done', 3_600_000);
  expect(running.record.steps[fixLayout]?.message).toBe(
    'the fix-layout of vol1 runs on gluster1 and gluster2',
  );
  expect(running.wakeAt).toBe(null);
  at.pool.cluster.volumes.vol1!.rebalance = { taskId: 'task-9', status: 'completed', failures: 1 };
  const done = advance(at, 'done', 7_200_000);
  expect(done.record.status).toBe('done');
  expect(done.record.steps[fixLayout]?.message).toBe(
    'completed with 1 failure on gluster1 and 1 failure on gluster2',
  );
});

test.each<[string, 'failed' | 'stopped' | 'fix-layout-failed']>([
  ['failed', 'failed'],
  ['was stopped', 'stopped'],
  ['failed by its longer name', 'fix-layout-failed'],
])('it ends the plan when the task %s', (_, status) => {
  const at = poolAt(fixLayout);
  at.pool.cluster.volumes.vol1!.rebalance = { taskId: 'task-9', status };
  const { record } = advance(at, 'done', 60_000);
  expect(record.status).toBe('failed');
  expect(record.message).toBe('the fix-layout of vol1 failed or was stopped on gluster1 and gluster2');
});

test('it is not taken for an older task that is completed', () => {
  const withOld: ClusterSpec = structuredClone(fillingCluster);
  withOld.volumes.vol1!.rebalance = { taskId: 'task-old', status: 'completed' };
  const pool = createPool(withOld);
  for (let turn = 0; turn < 5; turn += 1) activate(pool, { policies });
  expect(recordOf(pool).steps[fixLayout]?.status).toBe('ordered');
  expect(recordOf(pool).status).toBe('running');
});

const taskOn = (server: string, rebalance: Partial<Rebalance>) =>
  onServer(server, ({ gluster }) => ({
    gluster: {
      kind: 'seen',
      seenAt: morning,
      value: {
        ...seenValue(gluster),
        volumes: seenValue(gluster).volumes.map((volume) => ({
          ...volume,
          rebalance: { ...volume.rebalance, ...rebalance },
        })),
      },
    },
  }));
type Rebalance = Volume['rebalance'];

test('it is not waited for on a server without a brick, which shows its task as not started for ever', () => {
  const at = poolAt(fixLayout);
  at.pool.cluster.servers.gluster3 = {};
  at.pool.cluster.volumes.vol1!.rebalance = { taskId: 'task-9', status: 'completed' };
  const change = taskOn('gluster3', { status: 'not-started' });
  expect(advance(at, 'done', 60_000, { change }).record.status).toBe('done');
});

test('it is over only when it is completed on both servers', () => {
  const at = poolAt(fixLayout);
  at.pool.cluster.volumes.vol1!.rebalance = { taskId: 'task-9', status: 'completed' };
  const change = taskOn('gluster2', { status: 'started' });
  expect(advance(at, 'done', 60_000, { change }).record.steps[fixLayout]?.message).toBe(
    'the fix-layout of vol1 runs on gluster2',
  );
});

test('it is started again when a server has not begun it long after the others have completed it', () => {
  const at = poolAt(fixLayout);
  at.pool.cluster.volumes.vol1!.rebalance = { taskId: 'task-9', status: 'completed' };
  const change = taskOn('gluster2', { status: 'not-started' });
  expect(advance(at, 'done', 60_000, { change }).orders).toEqual([]);
  expect(advance(at, 'done', 160_001, { change }).orders.map((order) => order.step.kind)).toEqual([
    'fix-layout',
  ]);
});

test('it is not ordered while a new brick is not up, although heals may be pending', () => {
  const at = poolAt(addBrick);
  apply(at.pool, at.order);
  const onBricks = (over: { isUp?: boolean; pendingHeals?: number }) =>
    onServer('gluster2', ({ bricks }) => ({
      bricks: {
        kind: 'seen',
        seenAt: morning,
        value: seenValue(bricks).map((brick) => ({ ...brick, ...over })),
      },
    }));
  const down = advance(at, 'done', 1000, { change: onBricks({ isUp: false }) });
  expect(down.orders).toEqual([]);
  expect(down.record.steps[fixLayout]?.message).toMatch(/^waiting: .* are down$/);
  expect(advance(at, 'done', 1000, { change: onBricks({ pendingHeals: 9 }) }).orders).toHaveLength(1);
});

test('it is not over while a server with a brick cannot see its glusterd', () => {
  const at = poolAt(fixLayout);
  at.pool.cluster.volumes.vol1!.rebalance = { taskId: 'task-9', status: 'completed' };
  const failed = {
    kind: 'failed' as const,
    failedAt: morning,
    code: 'command-timed-out',
    message: 'no answer',
    lastSeenAt: null,
  };
  const change = onServer('gluster2', () => ({ gluster: failed }));
  expect(advance(at, 'done', 60_000, { change }).record.status).toBe('running');
  expect(advance(at, 'done', 60_000).record.status).toBe('done');
});
