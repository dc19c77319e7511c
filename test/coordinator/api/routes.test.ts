// What the routes do: pages and filters, a policy that is set, a plan that is previewed, proposed, approved, cancelled.
import { describe, expect, test } from 'vitest';
import type { ServerName } from '../../../shared/model/names.ts';
import { defaultPolicy } from '../../../shared/model/policy.ts';
import { alikeServers, buildState, policyWith } from '../../support/cluster-builder.ts';
import { type ServedState, serveState, stored } from './served-state.ts';

const replica3 = {
  servers: alikeServers(3, { b1: { freePercent: 50 }, b2: {} }),
  volumes: {
    vol1: {
      kind: 'replicate' as const,
      members: 3,
      bricks: ['gluster1:b1/vol1', 'gluster2:b1/vol1', 'gluster3:b1/vol1'],
    },
  },
};
const full = { ...replica3, servers: alikeServers(3, { b1: { freePercent: 10 }, b2: {} }) };

describe('lists', () => {
  const many = buildState(
    { servers: alikeServers(7, { b1: {} }), volumes: {} },
    { silentMs: { gluster3: 60_000 } },
  );

  test('come in pages that together have everything once, in order', async () => {
    const { api } = await serveState(many);
    const names: string[] = [];
    let cursor = '';
    for (let page = 0; page < 4; page += 1) {
      const { items, next } = (await api.inject(`/v1/servers?limit=2${cursor}`)).json();
      names.push(...items.map((server: { name: ServerName }) => server.name));
      cursor = next === null ? 'end' : `&cursor=${next}`;
    }
    expect(names).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `gluster${number}`));
    expect(cursor).toBe('end');
  });

  test.each([
    ['/v1/servers?fresh=false', ['gluster3']],
    ['/v1/servers?fresh=true&limit=1', ['gluster1']],
    ['/v1/slots?server=gluster2', ['/bricks/b1']],
    ['/v1/slots?usable=false', []],
    ['/v1/findings?code=server-silent', ['gluster3']],
    ['/v1/findings?severity=info', []],
    ['/v1/bricks?volume=vol1', []],
    ['/v1/plans?status=running', []],
  ])('are filtered by %s', async (url, expected) => {
    const { api } = await serveState(many);
    const { items } = (await api.inject(url)).json();
    expect(items.map((item: Record<string, string>) => item.name ?? item.subject ?? item.path)).toEqual(
      expected,
    );
  });

  test('of bricks are filtered by server and state', async () => {
    const { api } = await serveState(buildState(replica3));
    const { items } = (await api.inject('/v1/bricks?server=gluster2&state=up')).json();
    expect(items).toMatchObject([{ volume: 'vol1', host: 'gluster2', path: '/bricks/b1/vol1', isUp: true }]);
    expect((await api.inject('/v1/bricks?state=down')).json().items).toEqual([]);
  });
});

describe('health', () => {
  test('is ok where nothing is wrong', async () => {
    const { api } = await serveState(buildState(replica3));
    expect((await api.inject('/v1/health')).json()).toMatchObject({
      status: 'ok',
      summary: 'All is well: 3 servers, 1 volume, 3 bricks up.',
      findings: [],
      counts: { servers: { total: 3, fresh: 3 }, slots: { total: 6, usable: 6 }, bricks: { up: 3 } },
    });
  });

  test('is the worst finding where something is', async () => {
    const { api } = await serveState(buildState(replica3, { silentMs: { gluster2: 100_000 } }));
    const health = (await api.inject('/v1/health')).json();
    expect(health.status).toBe('critical');
    expect(health.findings[0]).toMatchObject({ code: 'server-silent', subject: 'gluster2' });
    expect(health.summary).toContain('gluster2');
  });

  test('is not ok before any agent has reported', async () => {
    const { api } = await serveState(buildState({ servers: {}, volumes: {} }));
    expect((await api.inject('/v1/health')).json()).toMatchObject({
      status: 'warning',
      summary: 'No agent has reported yet, so nothing is known.',
    });
  });
});

describe('a volume', () => {
  test('shows its subvolumes fullest first', async () => {
    const servers = {
      gluster1: { b1: { freePercent: 60 }, b2: { freePercent: 30 }, b3: { freePercent: 45 } },
    };
    const bricks = ['gluster1:b1/vol1', 'gluster1:b2/vol1', 'gluster1:b3/vol1'];
    const { api } = await serveState(
      buildState({ servers, volumes: { vol1: { kind: 'distribute', bricks } } }),
    );
    const volume = (await api.inject('/v1/volumes/vol1')).json();
    expect(volume.subvolumes.map((subvolume: { index: number }) => subvolume.index)).toEqual([1, 2, 0]);
    expect(volume.fullest).toMatchObject({ index: 1, freePercent: 30 });
    expect(volume.decision).toMatchObject({ kind: 'nothing-to-do' });
  });
});

describe('a policy', () => {
  test('is the default until it is set, and then what was set, durably', async () => {
    const { api, store } = await serveState(buildState(replica3));
    expect((await api.inject('/v1/volumes/vol1/policy')).json()).toEqual({
      volume: 'vol1',
      policy: defaultPolicy,
      isDefault: true,
    });
    const policy = { ...defaultPolicy, mode: 'off' };
    const response = await api.inject({ method: 'PUT', url: '/v1/volumes/vol1/policy', payload: policy });
    expect(response.json()).toEqual({ volume: 'vol1', policy, isDefault: false });
    expect(stored(store).policies).toEqual([['vol1', policy]]);
    expect((await api.inject('/v1/volumes/vol1')).json()).toMatchObject({ policy, isDefaultPolicy: false });
  });
});

describe('a preview', () => {
  test('is the same for the same state, and stores nothing', async () => {
    const { api, store } = await serveState(buildState(replica3));
    const first = await post(api, '/v1/volumes/vol1/plans', { goal: 'grow' });
    const second = await post(api, '/v1/volumes/vol1/plans', { goal: 'grow' });
    expect(first.statusCode).toBe(200);
    expect(first.body).toBe(second.body);
    expect(first.json()).toMatchObject({ decision: { kind: 'proposed' }, proposed: null });
    expect(first.json().plan.steps.map((step: { kind: string }) => step.kind)).toEqual([
      'make-brick-directory',
      'make-brick-directory',
      'make-brick-directory',
      'add-brick',
      'fix-layout',
    ]);
    expect(stored(store).plans).toEqual([]);
  });

  test('has a reason for every slot where there is no room', async () => {
    const servers = alikeServers(3, { b1: { freePercent: 10 } });
    const { api } = await serveState(buildState({ ...replica3, servers }));
    const { plan, decision } = (await post(api, '/v1/volumes/vol1/plans', { goal: 'grow' })).json();
    expect(plan).toBeNull();
    expect(decision.kind).toBe('no-room');
    expect(decision.candidates).toHaveLength(3);
    for (const candidate of decision.candidates) expect(candidate.reason).toMatch(/\w+ \w+/);
    const proposal = await post(api, '/v1/volumes/vol1/plans', { goal: 'grow', propose: true });
    expect(proposal.json()).toMatchObject({ status: 409, code: 'conflict', reasons: expect.any(Array) });
  });
});

describe('a plan', () => {
  const state = buildState(full, { policies: { vol1: policyWith({ mode: 'plan' }) } });

  test('is approved by its hash, ordered, and its story told with times', async () => {
    const served = await serveState(state);
    const { api, orders } = served;
    const [plan] = await plansOf(served);
    expect(plan).toMatchObject({ status: 'proposed', volume: 'vol1', progress: { total: 5, done: 0 } });
    expect(orders).toEqual([]);

    const answer = await post(api, `/v1/plans/${plan.id}/approve`, { hash: plan.hash });
    expect(answer.json()).toMatchObject({ status: 'running', approvedBy: 'the API from 127.0.0.1' });
    await served.settle();
    expect(orders.map((order) => order.step.kind)).toContain('make-brick-directory');

    const { steps, journal } = (await api.inject(`/v1/plans/${plan.id}`)).json();
    expect(steps[0].description).toMatch(/^make the brick directory \/bricks\/b2\/\S+ on gluster1$/);
    const events = journal.items.map((entry: { event: string }) => entry.event);
    expect(events.slice(0, 3)).toEqual(['plan-written', 'approved', 'order-sent']);
    for (const { at } of journal.items) expect(at).toBeGreaterThanOrEqual(plan.writtenAt);
  });

  test('tells its story in pages', async () => {
    const served = await serveState(state);
    const [plan] = await plansOf(served);
    await post(served.api, `/v1/plans/${plan.id}/approve`, { hash: plan.hash });
    await served.settle();
    const first = (await served.api.inject(`/v1/plans/${plan.id}?limit=1`)).json().journal;
    const second = (await served.api.inject(`/v1/plans/${plan.id}?limit=1&cursor=${first.next}`)).json()
      .journal;
    expect([first, second].map(({ items }) => items[0].event)).toEqual(['plan-written', 'approved']);
  });

  test('is cancelled, and that is all that is done with it', async () => {
    const served = await serveState(state);
    const [plan] = await plansOf(served);
    const answer = await post(served.api, `/v1/plans/${plan.id}/cancel`, {});
    expect(answer.json()).toMatchObject({ id: plan.id, status: 'cancelled' });
    expect((await post(served.api, `/v1/plans/${plan.id}/cancel`, {})).json()).toMatchObject({
      code: 'conflict',
    });
    expect(
      (await post(served.api, `/v1/plans/${plan.id}/approve`, { hash: plan.hash })).json(),
    ).toMatchObject({
      code: 'conflict',
    });
    expect(served.orders).toEqual([]);
  });

  test('is proposed when a person asks for it', async () => {
    const served = await serveState(buildState(replica3));
    const response = await post(served.api, '/v1/volumes/vol1/plans', { goal: 'grow', propose: true });
    expect(response.statusCode).toBe(201);
    const { proposed, plan } = response.json();
    expect(response.headers.location).toBe(`/v1/plans/${proposed.id}`);
    expect(proposed).toMatchObject({ id: plan.id, hash: plan.hash, status: 'proposed' });
    await served.settle();
    expect(stored(served.store)).toMatchObject({ plans: [plan.id], statuses: ['proposed'] });
  });

  test('is listed before older ones', async () => {
    const served = await serveState(state);
    const [older] = await plansOf(served);
    await post(served.api, `/v1/plans/${older.id}/cancel`, {});
    const record = [...served.store.load().plans.values()][0]!;
    const newer = {
      ...record,
      plan: { ...record.plan, id: `${older.id}-z`, writtenAt: older.writtenAt + 1 },
    };
    const again = await serveState({
      ...state,
      plans: new Map([record, newer as typeof record].map((one) => [one.plan.id, one])),
    });
    const ids = (await plansOf(again)).map(({ id }) => id);
    expect(ids.indexOf(`${older.id}-z`)).toBeLessThan(ids.indexOf(older.id));
  });
});

const post = (api: ServedState['api'], url: string, payload: object) =>
  api.inject({ method: 'POST', url, payload });

async function plansOf(served: ServedState) {
  // biome-ignore lint/suspicious/noExplicitAny: what the route answers is what is tested
  return (await served.api.inject('/v1/plans')).json().items as any[];
}
