// Every command as a real child process against a real, listening API over the real loop: what it prints and what it
// exits with.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alikeServers, buildState, policyWith } from '../../support/cluster-builder.ts';
import { type ServedState, serveState } from '../api/served-state.ts';
import { runMortar } from './run-mortar.ts';

const volumes = {
  vol1: {
    kind: 'replicate' as const,
    members: 3,
    bricks: ['gluster1:b1/vol1', 'gluster2:b1/vol1', 'gluster3:b1/vol1'],
  },
};
const roomy = buildState(
  {
    servers: {
      ...alikeServers(3, { b1: { freePercent: 10 }, b2: {} }),
      gluster4: { b1: { isMounted: false } },
    },
    volumes,
  },
  { policies: { vol1: policyWith({ mode: 'plan' }) } },
);
const cramped = buildState({ servers: alikeServers(3, { b1: { freePercent: 30 } }), volumes });

describe('a cluster with room to grow', () => {
  let served: ServedState;
  let url: string;
  let plan: string;

  beforeAll(async () => {
    ({ served, url } = await listen(roomy));
    plan = [...served.store.load().plans.keys()][0]!;
  });
  afterAll(() => served.api.close());

  test('status shows health, servers, volumes and what is being done', async () => {
    const { code, stdout } = await runMortar(['status'], { url });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CRITICAL {2}the slot gluster4:\/bricks\/b1 cannot be used/);
    expect(stdout).toMatch(/^gluster1 +fresh +\d+ ms ago +10\.3 +3\/3 +1\/1 +2\/2 +-$/m);
    expect(stdout).toMatch(
      /^vol1 +replicate +\[#########-\] +90 % +10 GiB +100 GiB +3\/3 +plan +proposed: /m,
    );
    expect(stdout).toMatch(new RegExp(`^${plan} +vol1 +proposed +0/5 +100 GiB → 200 GiB`, 'm'));
  });

  test('health exits with 2 when something is wrong, and says what to do', async () => {
    const { code, stdout } = await runMortar(['health'], { url });
    expect(code).toBe(2);
    expect(stdout).toContain('\ncritical slot-unmounted gluster4:/bricks/b1\n');
    expect(stdout).toContain('  Mount the disk, or take the slot out of /etc/mortar/agent.toml;');
  });

  test('a volume in full has its decision, a line for each slot, subvolumes and bricks', async () => {
    const { code, stdout } = await runMortar(['volumes', 'vol1'], { url });
    expect(code).toBe(0);
    expect(stdout).toContain(
      'vol1: replicate, started, 1 subvolume, 3 bricks\nspace: 10 GiB free of 100 GiB\n',
    );
    expect(stdout).toMatch(
      /^gluster4 +\/bricks\/b1 +\? +\? +- +refused +nothing is mounted at \/bricks\/b1$/m,
    );
    expect(stdout).toMatch(/^ +1 {2}\[#########-\] +90 % +10 GiB +100 GiB$/m);
    expect(stdout).toMatch(/^vol1 +1 +gluster3:\/bricks\/b1\/vol1 +up +50000 +100 GiB +10 GiB +0$/m);
  });

  test.each([
    [['servers'], /^gluster4 +fresh +\d+ ms ago +10\.3 +3\/3 +0\/0 +0\/1 +-$/m, 5],
    [['volumes'], /^vol1 +replicate /m, 2],
    [['slots'], /^gluster4 +\/bricks\/b1 +\? +\? +- +nothing is mounted at \/bricks\/b1$/m, 8],
    [['slots', '--server', 'gluster1'], /^gluster1 +\/bricks\/b2 +100 GiB +95 GiB +- +ok$/m, 3],
    [['bricks'], /^vol1 +1 +gluster1:\/bricks\/b1\/vol1 +up /m, 4],
    [['bricks', '--server', 'gluster1', '--volume', 'vol1'], /gluster1:/, 2],
    [['forecast', 'vol1'], /^ +1 +10 GiB +- +- +- +none +nothing shows that it will be full/m, 4],
    [['plans', '--volume', 'vol1'], /proposed/, 2],
    [['plans', '--status', 'failed'], /^There is no plan\.$/m, 1],
  ])('mortar %j prints its table', async (args, line, lines) => {
    const { code, stdout, stderr } = await runMortar(args, { url });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(line);
    expect(stdout.trimEnd().split('\n')).toHaveLength(lines);
  });

  test.each([
    [['status'], ['health', 'servers', 'volumes', 'plans']],
    [['health'], ['status', 'summary', 'findings', 'counts', 'asOf', 'epoch']],
    [['servers'], ['items']],
    [['volumes'], ['items']],
    [['volumes', 'vol1'], expect.arrayContaining(['name', 'subvolumes', 'decision'])],
    [['slots'], ['items']],
    [['bricks'], ['items']],
    [['plans'], ['items']],
    [
      ['policy', 'vol1'],
      ['volume', 'policy', 'isDefault'],
    ],
    [
      ['grow', 'vol1', '--dry-run'],
      ['decision', 'plan', 'timeToFull', 'descriptions', 'proposed'],
    ],
  ])('mortar %j --json prints JSON and nothing else', async (args, keys) => {
    const { stdout, stderr } = await runMortar([...args, '--json'], { url });
    expect(stderr).toBe('');
    expect(Object.keys(JSON.parse(stdout))).toEqual(keys);
  });

  test('grow --dry-run shows the plan and a reason for every slot, and changes nothing', async () => {
    const before = served.store.load().plans.size;
    const { code, stdout } = await runMortar(['grow', 'vol1', '--dry-run'], { url });
    expect(code).toBe(0);
    expect(stdout.match(/^gluster\d +\/bricks\/b\d .* (chosen|refused|possible) +\w+/gm)).toHaveLength(7);
    expect(stdout).toContain(
      '\nThe plan: 100 GiB → 200 GiB, 3 → 6 bricks\n  server sets that hold subvolumes: 1 → 1; partners of a server, at most: 2 → 2\n',
    );
    expect(stdout).toContain('\n  1. make the brick directory ');
    expect(stdout).toMatch(/\nNothing was changed\.\n$/);
    expect(served.store.load().plans.size).toBe(before);
  });

  test('a policy is changed value by value, and by a file', async () => {
    const set = ['--set', 'level.freePercent=15', 'limits.maxSizeBytes=10TiB', 'holdSeconds=5m'];
    const changed = await runMortar(['policy', 'vol1', ...set], { url });
    expect(changed.code).toBe(0);
    expect(changed.stdout).toMatch(/^level\.freePercent +15$/m);
    expect(changed.stdout).toMatch(/^limits\.maxSizeBytes +10995116277760 +10 TiB$/m);
    expect(changed.stdout).toMatch(/^holdSeconds +300 +5 m$/m);

    const { policy } = JSON.parse((await runMortar(['policy', 'vol1', '--json'], { url })).stdout);
    const input = JSON.stringify({ ...policy, level: { ...policy.level, freePercent: 20 } });
    expect((await runMortar(['policy', 'vol1', '--file', '-'], { url, input })).code).toBe(0);
    expect([...served.store.load().policies.values()]).toMatchObject([
      { level: { freePercent: 20 }, holdSeconds: 300 },
    ]);
  });

  test.each([
    [['policy', 'vol1', '--set', 'mode=on'], 'mortar: body/mode must be "off", "plan", "auto"\n'],
    [
      ['policy', 'vol1', '--set', 'mode=auto', 'limits.maxSizeBytes=none'],
      'mortar: mode "auto" needs a limit',
    ],
    [
      ['policy', 'vol1', '--set', 'level.freePercnt=3'],
      'mortar: there is no setting "level.freePercnt"; there are: mode',
    ],
    [['policy', 'vol1', '--set', 'mode'], 'mortar: "mode" is no setting;'],
    [
      ['policy', 'vol1', '--file', '/nonexistent'],
      'mortar: the policy cannot be read from /nonexistent: ENOENT',
    ],
    [['volumes', 'vol9'], 'mortar: no server reports a volume called vol9\n'],
    [['forecast', 'vol9'], 'mortar: no server reports a volume called vol9\n'],
    [['volumes', '../plans'], 'mortar: path/name '],
    [['grow', 'vol9'], 'mortar: no server reports a volume called vol9\n'],
    [['plan', 'approve', 'grow-vol9-1'], 'mortar: there is no plan called grow-vol9-1\n'],
    [['frobnicate'], "error: unknown command 'frobnicate'"],
    [['servers', '--limit', '3'], "error: unknown option '--limit'"],
    [['servers', '--url', 'ftp://x'], 'mortar: "ftp://x" is no address of a coordinator;'],
  ])('mortar %j fails with a sentence', async (args, sentence) => {
    const policies = [...served.store.load().policies];
    const { code, stdout, stderr } = await runMortar(args, { url });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.slice(0, sentence.length)).toBe(sentence);
    expect([...served.store.load().policies]).toEqual(policies);
  });

  // Last, because it sets the plan going.
  test('a plan is approved by its hash, shown with its story, and cancelled', async () => {
    const wrong = await runMortar(['plan', 'approve', plan, '--hash', 'f'.repeat(64)], { url });
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('has the hash')]);
    const approved = await runMortar(['plan', 'approve', plan], { url });
    expect([approved.code, approved.stdout]).toEqual([
      0,
      `${plan}: running (grow vol1, 100 GiB → 200 GiB)\n`,
    ]);
    await served.settle();

    const { stdout } = await runMortar(['plans', plan], { url });
    expect(stdout).toMatch(/^ +1 +ordered +1 +make the brick directory \/bricks\/b2\/vol1-2 on gluster1/m);
    expect(stdout).toMatch(/^2026-11-21 10:00:00\.\d{3}Z +\+\d+ ms +order-sent +make the brick directory /m);
    expect((await runMortar(['plan', 'show', plan], { url })).stdout).toBe(stdout);

    const cancelled = await runMortar(['plan', 'cancel', plan], { url });
    expect([cancelled.code, cancelled.stdout]).toEqual([
      0,
      `${plan}: cancelled (grow vol1, 100 GiB → 200 GiB)\n`,
    ]);
  });
});

describe('a cluster without room', () => {
  let served: ServedState;
  let url: string;

  beforeAll(async () => {
    ({ served, url } = await listen(cramped));
  });
  afterAll(() => served.api.close());

  test('health exits with 0, because nothing is wrong yet', async () => {
    const { code, stdout } = await runMortar(['health'], { url });
    expect([code, stdout]).toEqual([0, 'OK  All is well: 3 servers, 1 volume, 3 bricks up.\n']);
  });

  test.each([['--dry-run'], []])(
    'grow %s exits with 2 and has a reason for every slot',
    async (...options) => {
      const { code, stdout } = await runMortar(['grow', 'vol1', ...options], { url });
      expect(code).toBe(2);
      expect(stdout).toMatch(/^no-room: vol1 has 30\.0 % free/);
      expect(
        stdout.match(/^gluster\d +\/bricks\/b1 .* refused +its filesystem already holds the brick/gm),
      ).toHaveLength(3);
      expect(served.store.load().plans.size).toBe(0);
    },
  );
});

test('grow proposes and says how to approve', async () => {
  const servers = alikeServers(3, { b1: { freePercent: 50 }, b2: {} });
  const { served, url } = await listen(buildState({ servers, volumes }));
  const { code, stdout } = await runMortar(['grow', 'vol1'], { url });
  const [record] = [...served.store.load().plans.values()];
  expect([code, record?.status]).toEqual([0, 'proposed']);
  expect(stdout).toMatch(
    new RegExp(`To let it run:\n  mortar plan approve ${record?.plan.id} --hash ${record?.plan.hash}\n$`),
  );
  await served.api.close();
});

describe('no coordinator', () => {
  test('is one sentence with the address and where to look', async () => {
    const url = 'http://127.0.0.1:1';
    const { code, stderr } = await runMortar(['status'], { url });
    expect([code, stderr]).toEqual([
      1,
      `mortar: the coordinator at ${url} cannot be reached; see: systemctl status mortar-coordinator\n`,
    ]);
  });

  test.each([
    [200, '<html>'],
    [404, '{"error":"no"}'],
  ])('but something else that answers %i %s is told as such', async (status, body) => {
    const other = createServer((_, response) => void response.writeHead(status).end(body)).listen(
      0,
      '127.0.0.1',
    );
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { code, stderr } = await runMortar(['servers'], { url });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`${url} answered (status ${status}), but not as`),
    ]);
    other.close();
  });
});

async function listen(
  state: Parameters<typeof serveState>[0],
): Promise<{ served: ServedState; url: string }> {
  const served = await serveState(state);
  await served.api.listen({ host: '127.0.0.1', port: 0 });
  return { served, url: `http://127.0.0.1:${(served.api.server.address() as AddressInfo).port}` };
}
