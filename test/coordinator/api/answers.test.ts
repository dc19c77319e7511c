// Every route's answer, against the route's own schema, on a cluster where something is wrong: values are unknown, a
// server is silent, a slot is unmounted, so that a schema which only fits a healthy cluster fails here.

import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PlanId } from '../../../shared/model/names.ts';
import { alikeServers, buildState, onServer } from '../../support/cluster-builder.ts';
import { type ServedState, serveState } from './served-state.ts';

const cluster = {
  servers: {
    ...alikeServers(3, { b1: { freePercent: 10 }, b2: {} }),
    gluster4: { b1: { isMounted: false } },
  },
  volumes: {
    vol1: {
      kind: 'replicate' as const,
      members: 3,
      bricks: ['gluster1:b1/vol1', 'gluster2:b1/vol1', 'gluster3:b1/vol1'],
    },
    vol2: { kind: 'distribute' as const, bricks: ['gluster4:b1/vol2'] },
  },
};
const state = buildState(cluster, {
  change: onServer('gluster4', (sections) => ({
    ports: { kind: 'failed', failedAt: 1, code: 'internal', message: 'no', lastSeenAt: null },
    names: { ...sections.names, kind: 'failed', failedAt: 1, code: 'internal', message: 'no', lastSeenAt: 1 },
  })),
  policies: { vol1: { mode: 'plan' } },
});

let served: ServedState;
let schemas: Map<string, TSchema>;
let planId: PlanId;

beforeAll(async () => {
  served = await serveState(state);
  await served.api.ready();
  planId = (await get('/v1/plans')).json().items[0].id;
  schemas = new Map(
    Object.entries(served.api.swagger().paths ?? {}).flatMap(([path, methods]) =>
      Object.entries(methods ?? {}).flatMap(([method, operation]) =>
        Object.entries(
          (operation as { responses: Record<string, { content?: Record<string, { schema: TSchema }> }> })
            .responses,
        ).map(
          ([status, { content }]) =>
            [`${method} ${path} ${status}`, content?.['application/json']?.schema] as [string, TSchema],
        ),
      ),
    ),
  );
});

describe('the answer fits its schema', () => {
  test.each([
    ['/v1/health', 'get /v1/health 200'],
    ['/livez', 'get /livez 200'],
    ['/readyz', 'get /readyz 200'],
    ['/v1/servers', 'get /v1/servers 200'],
    ['/v1/servers/gluster1', 'get /v1/servers/{name} 200'],
    ['/v1/servers/gluster4', 'get /v1/servers/{name} 200'],
    ['/v1/slots', 'get /v1/slots 200'],
    ['/v1/bricks', 'get /v1/bricks 200'],
    ['/v1/volumes', 'get /v1/volumes 200'],
    ['/v1/volumes/vol1', 'get /v1/volumes/{name} 200'],
    ['/v1/volumes/vol2', 'get /v1/volumes/{name} 200'],
    ['/v1/volumes/vol1/forecast', 'get /v1/volumes/{name}/forecast 200'],
    ['/v1/volumes/vol2/forecast', 'get /v1/volumes/{name}/forecast 200'],
    ['/v1/volumes/vol2/history', 'get /v1/volumes/{name}/history 200'],
    ['/v1/volumes/vol1/policy', 'get /v1/volumes/{name}/policy 200'],
    ['/v1/volumes/vol2/policy', 'get /v1/volumes/{name}/policy 200'],
    ['/v1/plans', 'get /v1/plans 200'],
    ['/v1/plans/PLAN', 'get /v1/plans/{id} 200'],
    ['/v1/findings', 'get /v1/findings 200'],
    ['/v1/cluster', 'get /v1/cluster 200'],
  ])('GET %s', async (path, schema) => {
    const response = await get(path.replace('PLAN', planId));
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expectFits(response.json(), schema);
  });

  test.each(['vol1', 'vol2'])('a preview of %s', async (volume) => {
    const response = await post(`/v1/volumes/${volume}/plans`, { goal: 'grow' });
    expect(response.statusCode).toBe(200);
    expectFits(response.json(), 'post /v1/volumes/{name}/plans 200');
  });

  test('a coordinator that is not ready', async () => {
    const unready = await serveState(state, { isActive: false });
    unready.setConnected(false);
    const response = await unready.api.inject('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.json().reasons).toHaveLength(2);
    expectFits(response.json(), 'get /readyz 503');
  });
});

describe('what is not known is null', () => {
  test('the space of a brick on an unmounted disk, of its subvolume and its volume', async () => {
    const volume = (await get('/v1/volumes/vol2')).json();
    expect(volume).toMatchObject({ space: null, fullest: null });
    expect(volume.subvolumes[0]).toMatchObject({ freePercent: null, freeBytes: null, sizeBytes: null });
    expect(volume.subvolumes[0].bricks[0]).toMatchObject({ freeBytes: null, mountPoint: null });
  });

  test('what a server could not see, and when it last did', async () => {
    const server = (await get('/v1/servers/gluster4')).json();
    expect(server).toMatchObject({ ports: null, names: null, failedSections: ['ports', 'names'] });
    const sections = new Map(server.sections.map((section: { name: string }) => [section.name, section]));
    expect(sections.get('ports')).toMatchObject({
      kind: 'failed',
      seenAgeMs: null,
      problem: { message: 'no' },
    });
    expect(sections.get('names')).toMatchObject({ kind: 'failed', seenAgeMs: expect.any(Number) });
    expect(sections.get('gluster')).toMatchObject({ kind: 'seen', seenAgeMs: 50, problem: null });
  });
});

const get = (url: string) => served.api.inject(url);
const post = (url: string, payload: object) => served.api.inject({ method: 'POST', url, payload });

function expectFits(value: unknown, name: string): void {
  const schema = schemas.get(name);
  expect(schema, `a schema for ${name}`).toBeDefined();
  expect(Compile(schema!).Errors(value)).toEqual([]);
  // Nothing is said that the document does not know of.
  expect(Value.Clean(schema!, structuredClone(value))).toEqual(value);
}
