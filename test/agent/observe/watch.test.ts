// Which signs make the agent look, and that nothing else does.
import { expect, test } from 'vitest';
import { createMounts, type Mounts } from '../../../agent/observe/mounts.ts';
import { createWatch } from '../../../agent/observe/watch.ts';
import type { AbsolutePath } from '../../../shared/model/names.ts';
import type { Sections } from '../../../shared/model/report.ts';
import type { RebalanceStatus } from '../../../shared/model/volume.ts';
import { createOneAtATime } from '../../../shared/runtime/one-at-a-time.ts';
import { agentConfig } from '../../support/agent-config.ts';
import { createFakeServer, type FakeServer } from '../../support/fake-server.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { sampleBeat } from '../../support/sample-report.ts';
import { sampleBrick, sampleGluster, sampleSections, sampleVolume } from '../../support/sample-sections.ts';

const brick = (isUp: boolean) => ({ path: '/bricks/b1/vol1' as AbsolutePath, isUp });

/** As the beat does it: who cannot read them says so elsewhere. */
function readOrNothing(mounts: Mounts): void {
  try {
    mounts.read();
  } catch {
    expect(mounts.newest()).toBeNull();
  }
}

async function watched(sections: Sections = sampleSections({}), lookedAt: () => number | null = () => null) {
  const server = createFakeServer();
  for (const path of ['/var/lib/glusterd/peers', '/run/gluster/vols', '/run/gluster/vols/vol1'])
    server.directory(path);
  server.directory('/var/lib/glusterd/vols', ['vol1']);
  server.directory('/var/lib/glusterd/vols/vol1');
  server.directory('/var/lib/glusterd/vols/vol1/bricks');
  server.mount({ mountPoint: '/bricks/b1' });
  const clock = createManualClock();
  const mounts = createMounts(server.files);
  const watch = createWatch({
    config: agentConfig(['/bricks/b1', '/bricks/b2']),
    files: server.files,
    mounts,
    oneAtATime: createOneAtATime(clock),
    clock,
    sections: () => sections,
    lookedAt,
  });
  // The beat has always read the mounts before.
  const look = async (bricks = [brick(true)]) => {
    readOrNothing(mounts);
    return [...(await watch(sampleBeat('gluster1', { bricks })))].sort();
  };
  return { server, clock, look };
}

test('nothing is looked at while nothing changes, not even at first', async () => {
  const { look } = await watched();
  for (let second = 0; second < 3; second += 1) expect(await look()).toEqual([]);
});

test.each<[string, (server: FakeServer) => void, string[]]>([
  [
    'a disk is mounted',
    (server) => server.mount({ mountPoint: '/bricks/b3' }),
    ['bricks', 'filesystems', 'slots'],
  ],
  [
    'a slot is mounted',
    (server) => server.mount({ mountPoint: '/bricks/b2', type: 'tmpfs' }),
    ['bricks', 'filesystems', 'slots'],
  ],
  ['a disk is unmounted', (server) => server.unmount('/bricks/b1'), ['bricks', 'filesystems', 'slots']],
  [
    'the mounts cannot be read',
    (server) => server.fail('/proc/1/mountinfo', 'EACCES'),
    ['bricks', 'filesystems', 'slots'],
  ],
  [
    'a service gets its credentials',
    (server) => server.mount({ mountPoint: '/run/credentials/x', type: 'ramfs' }),
    [],
  ],
  [
    'a peer joins',
    (server) => server.directory('/var/lib/glusterd/peers'),
    ['bricks', 'gluster', 'ports', 'slots'],
  ],
  [
    'a volume is made',
    (server) => server.directory('/var/lib/glusterd/vols', ['vol1', 'vol2']),
    ['bricks', 'gluster', 'ports', 'slots'],
  ],
  [
    'a volume changes',
    (server) => server.directory('/var/lib/glusterd/vols/vol1'),
    ['bricks', 'gluster', 'ports', 'slots'],
  ],
  [
    'a brick is started',
    (server) => server.directory('/run/gluster/vols/vol1'),
    ['bricks', 'gluster', 'ports', 'slots'],
  ],
  [
    'glusterd is removed',
    (server) => server.remove('/var/lib/glusterd/vols'),
    ['bricks', 'gluster', 'ports', 'slots'],
  ],
])('when %s, what that may have changed is looked at, once', async (_, change, expected) => {
  const { server, look } = await watched();
  await look();
  change(server);
  expect(await look()).toEqual(expected);
  expect(await look()).toEqual([]);
});

test('a brick that goes down and comes back is looked at each time; one that was not seen for a second is not', async () => {
  const { look } = await watched();
  await look();
  expect(await look([])).toEqual([]);
  expect(await look([brick(true)])).toEqual([]);
  expect(await look([brick(false)])).toEqual(['bricks', 'gluster', 'ports']);
  expect(await look([brick(false)])).toEqual([]);
  expect(await look([brick(true)])).toEqual(['bricks', 'gluster', 'ports']);
});

test('a root disk that hangs is one change, and not one each second', async () => {
  const { server, clock, look } = await watched();
  await look();
  server.hang('/var/lib/glusterd/vols');
  const during = look();
  await clock.advance(1_000);
  expect(await during).toEqual(['bricks', 'gluster', 'ports', 'slots']);
  for (let second = 0; second < 3; second += 1) {
    await clock.advance(1_000);
    expect(await look()).toEqual([]);
  }
});

test.each<[RebalanceStatus, string[]]>([
  ['started', ['gluster']],
  ['fix-layout-started', ['gluster']],
  ['completed', []],
  ['not-started', []],
  ['unknown', []],
])('while a rebalance is %s, every 2 s is looked at: %j', async (status, expected) => {
  const rebalance = { taskId: null, status, failures: 0, skipped: 0 };
  const sections = sampleSections({ gluster: sampleGluster({ volumes: [sampleVolume({ rebalance })] }) });
  let at: number | null = null;
  const { clock, look } = await watched(allSeen(sections), () => at);
  at = clock.now();
  expect(await look()).toEqual([]);
  await clock.advance(1_999);
  expect(await look()).toEqual([]);
  await clock.advance(1);
  expect(await look()).toEqual(expected);
});

test('a brick that is down in its first beat, but was up when root looked, is looked at once', async () => {
  const { look } = await watched(sampleSections({ bricks: [sampleBrick()] }));
  expect(await look([brick(false)])).toEqual(['bricks', 'gluster', 'ports']);
  expect(await look([brick(false)])).toEqual([]);
});

test.each<[string, string, number, string[]]>([
  ['glusterd', 'command-failed', 9_999, []],
  ['glusterd', 'command-failed', 10_000, ['gluster']],
  ['the privileged process', 'privileged-unavailable', 999, []],
  ['the privileged process', 'privileged-unavailable', 1_000, ['gluster']],
])(
  'what failed because %s is away (%s) is looked at again: %d ms later %j',
  async (_, code, afterMs, expected) => {
    const sections = allSeen(sampleSections({}));
    sections.gluster = { kind: 'failed', failedAt: 1, code, message: 'away', lastSeenAt: null };
    let at: number | null = null;
    const { clock, look } = await watched(sections, () => at);
    at = clock.now();
    await clock.advance(afterMs);
    expect(await look()).toEqual(expected);
  },
);

/** `sections`, with nothing seen where something had failed. */
function allSeen(sections: Sections): Sections {
  const seenOrEmpty = Object.entries(sections).map(([name, section]) => [
    name,
    section.kind === 'seen' ? section : { kind: 'seen', seenAt: 1, value: [] },
  ]);
  const gluster = sections.gluster.kind === 'seen' ? sections.gluster.value : sampleGluster();
  return { ...Object.fromEntries(seenOrEmpty), gluster: { kind: 'seen', seenAt: 1, value: gluster } };
}
