// Each code of the catalogue, found for its own cause and said in one sentence; nothing is found in a healthy cluster.
import { expect, test } from 'vitest';
import { healthOf } from '../../../../coordinator/core/health/health-of.ts';
import { reconcile } from '../../../../coordinator/core/reconcile.ts';
import type { State } from '../../../../coordinator/core/state.ts';
import { type Finding, findingCatalogue, findingCodes } from '../../../../shared/model/finding.ts';
import type { Report } from '../../../../shared/model/report.ts';
import { autoPolicy, buildState, morning, onServer, seenValue } from '../../../support/cluster-builder.ts';
import { activate, createPool, stateOf } from '../../../support/simulated-pool.ts';
import { clusterWith, findingCases, found, named, off, seen, withChange } from './finding-cases.ts';

test('a healthy cluster has no findings', () => {
  expect(found(buildState(clusterWith()))).toEqual([]);
});

test.each(findingCases)('%s is found', (_, ask, expected) => {
  expect(ask()).toEqual(expected);
});

test('every code of the catalogue has a case here', () => {
  const codes = new Set(findingCases.flatMap(([, ask]) => ask().map(([code]) => code)));
  expect([...codes].sort()).toEqual([...findingCodes].sort());
});

test.each<[string, () => State]>([
  [
    'an agent that started a moment ago and has not beaten yet',
    () => {
      const state = buildState(clusterWith());
      const servers = [...state.servers].map(
        ([name, server]) => [name, { ...server, beat: null, beatAt: null }] as const,
      );
      return { ...state, servers: new Map(servers) };
    },
  ],
  [
    'the bricks of a volume that was stopped',
    () => {
      const cluster = clusterWith();
      return buildState({ ...cluster, volumes: { vol1: { ...cluster.volumes.vol1!, status: 'stopped' } } });
    },
  ],
  [
    'a server that knows more addresses of itself than the others do',
    () => withChange('gluster2', named('gluster2', { addresses: ['10.0.0.2', 'fe80::2'] })),
  ],
  [
    'a name that nobody knows',
    () => {
      const unknown = named('gluster2', { addresses: [], error: 'ENOTFOUND' });
      const change = (report: Report) =>
        ['gluster1', 'gluster2', 'gluster3'].reduce(
          (left, server) => onServer(server, unknown)(left),
          report,
        );
      return buildState(clusterWith(), { change });
    },
  ],
])('%s is nothing to report', (_, make) => {
  expect(found(make())).toEqual([]);
});

test('what a silent server said last is not repeated as a finding', () => {
  const change = onServer('gluster2', ({ bricks }) => ({
    bricks: seen(seenValue(bricks).map((brick) => ({ ...brick, isUp: false }))),
  }));
  const codes = found(buildState(clusterWith(), { change, silentMs: { gluster2: 20_000 } })).map(
    ([code]) => code,
  );
  expect(codes).toEqual(['server-silent']);
});

test('a failed plan is not a finding for longer than a day', () => {
  const pool = createPool(clusterWith(12));
  pool.interfere = () => 'failed';
  const policies = { vol1: { ...autoPolicy, cooldownSeconds: 1_000_000 } };
  activate(pool, { policies });
  activate(pool, { policies });
  const codes = (now: number) => {
    pool.now = now;
    return found(stateOf(pool, { policies }), now).map(([code]) => code);
  };
  expect(codes(morning + 86_400_000)).toContain('plan-failed');
  expect(codes(morning + 86_400_001)).not.toContain('plan-failed');
});

test('findings come gravest first, then by code and subject, with the remedy of the catalogue', () => {
  const state = buildState(clusterWith(12), {
    policies: off,
    silentMs: { gluster3: 20_000, gluster2: 30_000 },
  });
  const dropped = new Map([
    ['zebra', { count: 1, problem: 'x' }],
    ['ape', { count: 1, problem: 'x' }],
  ]);
  const { findings } = reconcile({ ...state, dropped }, morning);
  expect(findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
    'server-silent gluster2',
    'server-silent gluster3',
    'messages-dropped ape',
    'messages-dropped zebra',
  ]);
  expect(findings[0]?.remedy).toBe(findingCatalogue['server-silent'].remedy);
});

test.each<[Finding['severity'][], string]>([
  [[], 'ok'],
  [['info'], 'ok'],
  [['info', 'warning'], 'warning'],
  [['warning', 'critical', 'info'], 'critical'],
])('findings of %j are health %s', (severities, health) => {
  const finding = { code: 'brick-down' as const, subject: 'x', sentence: 'x', remedy: 'x' };
  expect(healthOf(severities.map((severity) => ({ ...finding, severity })))).toBe(health);
});
