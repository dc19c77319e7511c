// The cluster's own policy and the freeze, and a plan that is held, over the API: what holds is what is stored.
import { describe, expect, test } from 'vitest';
import { defaultClusterIntent } from '../../../shared/model/cluster-intent.ts';
import { defaultPolicy } from '../../../shared/model/policy.ts';
import { alikeServers, buildState, morning, policyWith } from '../../support/cluster-builder.ts';
import { type ServedState, serveState } from './served-state.ts';

const full = {
  servers: alikeServers(2, { b1: { freePercent: 10 }, b2: {} }),
  volumes: {
    vol1: { kind: 'replicate' as const, members: 2, bricks: ['gluster1:b1/vol1', 'gluster2:b1/vol1'] },
  },
};
const proposing = () => serveState(buildState(full, { policies: { vol1: policyWith({}) } }));
const { changedAt: _, ...wish } = defaultClusterIntent;

async function send(served: ServedState, method: 'PUT' | 'POST', url: string, payload: object) {
  return (await served.api.inject({ method, url, payload })).json();
}

describe('the cluster', () => {
  test('has the default policy until another is set, which then holds for every volume without one', async () => {
    const served = await serveState(buildState(full));
    expect((await served.api.inject('/v1/cluster')).json()).toEqual(defaultClusterIntent);
    const defaults = { ...defaultPolicy, mode: 'off' };
    await send(served, 'PUT', '/v1/cluster', { ...wish, defaults });
    expect((await served.api.inject('/v1/volumes/vol1/policy')).json()).toMatchObject({
      policy: { mode: 'off' },
      isDefault: true,
    });
    expect(served.store.load().intent.defaults.mode).toBe('off');
  });

  test('is frozen with a reason, refuses approval with it, and is thawed', async () => {
    const served = await proposing();
    const frozen = { ...wish, isFrozen: true, freezeReason: 'the rack is moved' };
    expect(await send(served, 'PUT', '/v1/cluster', frozen)).toEqual({
      ...frozen,
      changedAt: expect.any(Number),
    });
    const [plan] = (await served.api.inject('/v1/plans')).json().items;
    const refusal = await send(served, 'POST', `/v1/plans/${plan.id}/approve`, { hash: plan.hash });
    expect(refusal).toMatchObject({
      status: 409,
      detail: expect.stringContaining('the cluster is frozen: the rack is moved'),
    });
    const thawed = await send(served, 'PUT', '/v1/cluster', wish);
    expect(thawed).toMatchObject({ isFrozen: false, freezeReason: null });
    expect(thawed.changedAt).toBeGreaterThanOrEqual(morning);
    const approved = await send(served, 'POST', `/v1/plans/${plan.id}/approve`, { hash: plan.hash });
    expect(approved).toMatchObject({ status: 'running' });
  });

  test('is not given a default policy that is not sound', async () => {
    const served = await serveState(buildState(full));
    const defaults = { ...defaultPolicy, mode: 'auto' };
    expect(await send(served, 'PUT', '/v1/cluster', { ...wish, defaults })).toMatchObject({
      status: 400,
      detail: expect.stringContaining('defaults: mode "auto" needs a limit'),
    });
  });
});

test('a plan is paused and resumed, and tells it in its story', async () => {
  const served = await proposing();
  const [plan] = (await served.api.inject('/v1/plans')).json().items;
  const url = `/v1/plans/${plan.id}`;
  expect(await send(served, 'POST', `${url}/pause`, {})).toMatchObject({ status: 409, code: 'conflict' });
  await send(served, 'POST', `${url}/approve`, { hash: plan.hash });
  await served.settle();
  expect(await send(served, 'POST', `${url}/pause`, {})).toMatchObject({
    status: 'paused',
    message: 'paused by the API from 127.0.0.1',
  });
  const ordered = served.orders.length;
  await served.settle();
  expect(served.orders).toHaveLength(ordered);
  expect(await send(served, 'POST', `${url}/resume`, {})).toMatchObject({ status: 'running', message: null });
  const { journal } = (await served.api.inject(url)).json();
  const events = journal.items.map(({ event }: { event: string }) => event);
  expect(events.filter((event: string) => event.startsWith('plan-'))).toEqual([
    'plan-written',
    'plan-paused',
    'plan-resumed',
  ]);
});
