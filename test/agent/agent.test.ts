// The whole agent over a bus in memory, a server in memory and a clock that a test moves.
import { afterEach, expect, test } from 'vitest';
import { type Agent, createAgent } from '../../agent/agent.ts';
import type { Resolver } from '../../agent/observe/names.ts';
import type { PrivilegedClient } from '../../agent/privileged-client.ts';
import { MortarError } from '../../shared/lib/errors.ts';
import type { Brick } from '../../shared/model/brick.ts';
import type { Gluster } from '../../shared/model/gluster.ts';
import type { Beat, Report } from '../../shared/model/report.ts';
import { decodeMessage, encodeMessage } from '../../shared/protocol/messages.ts';
import type { LookName, LookValue } from '../../shared/protocol/privileged.ts';
import { everyServer, subjects } from '../../shared/protocol/subjects.ts';
import { agentConfig } from '../support/agent-config.ts';
import { createFakeServer } from '../support/fake-server.ts';
import { recordLog } from '../support/log-recorder.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createMemoryBus } from '../support/memory-bus.ts';
import { sampleBrick, sampleGluster, sampleVolume } from '../support/sample-sections.ts';

let agent: Agent | null = null;
afterEach(() => agent?.stop());

/** What root would see, as a test changes it. */
interface Root {
  gluster: Gluster;
  bricks: Brick[];
  epoch: number;
  isAway: boolean;
}

function run(options: { isBusAway?: boolean } = {}) {
  const server = createFakeServer();
  server.mount({ mountPoint: '/bricks/b1' });
  server.directory('/bricks/b1', ['vol1']);
  server.process(500, ['/usr/sbin/glusterfsd', '--brick-name', '/bricks/b1/vol1']);
  server.directory('/var/lib/glusterd/vols', ['vol1']);
  server.directory('/var/lib/glusterd/vols/vol1');

  const root: Root = { gluster: sampleGluster(), bricks: [sampleBrick()], epoch: 3, isAway: false };
  const looks: LookName[] = [];
  const privileged: PrivilegedClient = {
    async look<K extends LookName>(name: K) {
      looks.push(name);
      if (root.isAway) throw new MortarError('privileged-unavailable', 'nobody answers');
      const values: { [N in LookName]: LookValue<N> } = { ...root, ports: [] };
      return structuredClone(values[name]);
    },
    order: () => Promise.reject(new MortarError('command-timed-out', 'nobody answers')),
    close() {},
  };
  const resolver: Resolver = {
    lookup: async () => ['10.77.0.1'],
    localAddresses: () => new Set(['10.77.0.1']),
  };

  const memory = createMemoryBus();
  const bus = memory.connect();
  const coordinator = memory.connect();
  if (options.isBusAway) bus.setConnected(false);
  const beats: Beat[] = [];
  const reports: Report[] = [];
  coordinator.subscribe(everyServer.beat, ({ data }) => {
    const decoded = decodeMessage('beat', data);
    if (decoded.ok) beats.push(decoded.body);
  });
  coordinator.subscribe(everyServer.report, ({ data }) => {
    const decoded = decodeMessage('report', data);
    if (decoded.ok) reports.push(decoded.body);
  });

  const clock = createManualClock();
  const { log, records } = recordLog();
  const statuses: string[] = [];
  agent = createAgent({
    config: agentConfig(['/bricks/b1', '/bricks/b2']),
    clock,
    log,
    bus,
    files: server.files,
    resolver,
    privileged,
    random: () => 0.5,
    run: 'a-random-name',
    tell: (status) => statuses.push(status),
  });
  return { agent, server, root, looks, bus, coordinator, beats, reports, clock, records, statuses };
}

async function started(options: { isBusAway?: boolean } = {}) {
  const running = run(options);
  let isReady = false;
  void running.agent.start().then(() => {
    isReady = true;
  });
  await running.clock.advance(500);
  return { ...running, isReady: () => isReady };
}

test('it reports all that it sees at once, and then beats each second', async () => {
  const { isReady, clock, reports, beats } = await started();
  expect(isReady()).toBe(true);
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({
    server: 'gluster1',
    epoch: 3,
    sections: {
      filesystems: { value: [{ mountPoint: '/' }, { mountPoint: '/bricks/b1' }] },
      slots: { value: [{ problem: null, entries: ['vol1'] }, { problem: { code: 'unmounted' } }] },
      gluster: { value: sampleGluster() },
      bricks: { value: [sampleBrick()] },
      ports: { value: [] },
      names: { value: [{ name: 'gluster1', isLocal: true }, { name: 'gluster2' }, { name: 'gluster2.lab' }] },
    },
  });
  await clock.advance(10_000);
  expect(beats).toHaveLength(11);
  expect(beats.at(-1)).toMatchObject({
    filesystems: [{ mountPoint: '/bricks/b1', freeBytes: 600_000 }],
    bricks: [{ path: '/bricks/b1/vol1', isUp: true }],
  });
});

test('while nothing but numbers changes it reports every 30 s, and asks root no more often', async () => {
  const { server, clock, reports, looks } = await started();
  for (let second = 0; second < 91; second += 1) {
    server.setSpace('/bricks/b1', { freeBytes: 500_000 - second });
    await clock.advance(1_000);
  }
  expect(reports).toHaveLength(4);
  expect(looks.filter((name) => name === 'gluster')).toHaveLength(4);
});

test('a disk that is unmounted is reported within a second', async () => {
  const { server, clock, reports } = await started();
  server.unmount('/bricks/b1');
  await clock.advance(1_000);
  expect(reports).toHaveLength(2);
  expect(reports[1]?.sections.slots).toMatchObject({ value: [{ problem: { code: 'unmounted' } }, {}] });
});

test('a volume that changed is reported within a second', async () => {
  const { server, root, clock, reports } = await started();
  root.gluster = sampleGluster({ volumes: [sampleVolume({ version: 3 })] });
  server.directory('/var/lib/glusterd/vols/vol1');
  await clock.advance(1_000);
  expect(reports).toHaveLength(2);
  expect(reports[1]?.sections.gluster).toMatchObject({ value: { volumes: [{ version: 3 }] } });
});

test('a brick that dies is down in the next beat, and in a report right after it', async () => {
  const { server, root, clock, reports, beats } = await started();
  server.remove('/proc/500/stat');
  root.bricks = [sampleBrick({ isUp: false, pid: null })];
  await clock.advance(1_000);
  expect(beats.at(-1)?.bricks).toEqual([{ path: '/bricks/b1/vol1', isUp: false }]);
  expect(reports.at(-1)?.sections.bricks).toMatchObject({ value: [{ isUp: false }] });
});

test('when the coordinator asks, it reports within half a second', async () => {
  const { coordinator, clock, reports } = await started();
  coordinator.publish(subjects.ask(), encodeMessage('ask', { epoch: 1 }));
  await clock.advance(500);
  expect(reports).toHaveLength(2);
});

test('while the privileged process is away it reports what it sees itself, and all when it is back', async () => {
  const { root, clock, reports, records, statuses } = await started();
  root.isAway = true;
  await clock.advance(30_000);
  expect(reports.at(-1)).toMatchObject({
    epoch: null,
    sections: { slots: { kind: 'seen' }, gluster: { kind: 'failed', code: 'privileged-unavailable' } },
  });
  expect(statuses.at(-1)).toBe('beating; cannot see gluster, bricks, ports');
  await clock.advance(60_000);
  expect(records.filter((record) => record.level === 'warn')).toHaveLength(3);
  root.isAway = false;
  await clock.advance(1_500);
  expect(reports.at(-1)).toMatchObject({ epoch: 3, sections: { gluster: { kind: 'seen' } } });
});

test('an order that is not answered in time has an unknown outcome, and is followed by a look', async () => {
  const { coordinator, clock, looks, bus } = await started();
  const outcomes: string[] = [];
  coordinator.subscribe(everyServer.outcome, ({ data }) => {
    const decoded = decodeMessage('outcome', data);
    if (decoded.ok) outcomes.push(`${decoded.body.kind}: ${decoded.body.message}`);
  });
  const before = looks.length;
  const payload = JSON.stringify({
    id: '1.grow-vol1-x.0.1',
    epoch: 1,
    plan: 'grow-vol1-x',
    stepIndex: 0,
    server: 'gluster1',
    issuedAt: 0,
    deadline: 1,
    step: {
      kind: 'make-brick-directory',
      server: 'gluster1',
      mountPoint: '/bricks/b1',
      path: '/bricks/b1/x',
    },
  });
  const data = encodeMessage('order', { payload, signature: 'x' });
  coordinator.publish(subjects.order(agentConfig().name), data);
  await clock.advance(10);
  expect(bus.isConnected()).toBe(true);
  expect(outcomes).toEqual(['unknown: nobody answers']);
  expect(looks.slice(before)).toEqual(expect.arrayContaining(['gluster', 'bricks', 'ports', 'epoch']));
});

test('without a bus it is ready after 10 s, goes on looking, and reports when the bus is there', async () => {
  const { isReady, clock, bus, reports, beats, statuses } = await started({ isBusAway: true });
  await clock.advance(9_000);
  expect(isReady()).toBe(false);
  await clock.advance(1_000);
  expect(isReady()).toBe(true);
  expect(statuses.at(-1)).toBe('beating, but the bus is away');
  bus.setConnected(true);
  await clock.advance(500);
  expect(reports).toHaveLength(1);
  await clock.advance(1_000);
  expect(beats.length).toBeGreaterThan(0);
});

test('after its stop it says nothing more', async () => {
  const { clock, reports, beats, agent: running } = await started();
  await running.stop();
  const said = reports.length + beats.length;
  await clock.advance(60_000);
  expect(reports.length + beats.length).toBe(said);
});
