// What is not acceptable gets a problem with a stable code, says where it is wrong, and has changed nothing.

import { Compile } from 'typebox/compile';
import { beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../../../coordinator/api/errors.ts';
import { defaultPolicy } from '../../../shared/model/policy.ts';
import { alikeServers, buildState } from '../../support/cluster-builder.ts';
import { type ServedState, serveState, stored } from './served-state.ts';

const state = buildState(
  {
    servers: alikeServers(3, { b1: { freePercent: 10 }, b2: {} }),
    volumes: {
      vol1: {
        kind: 'replicate',
        members: 3,
        bricks: ['gluster1:b1/vol1', 'gluster2:b1/vol1', 'gluster3:b1/vol1'],
      },
    },
  },
  { policies: { vol1: { mode: 'plan' } } },
);
const json = { 'content-type': 'application/json' };
const policyUrl = '/v1/volumes/vol1/policy';

let served: ServedState;
let plan: string;

beforeAll(async () => {
  served = await serveState(state);
  plan = stored(served.store).plans[0]!;
});

const policies: [name: string, body: unknown, pointer: string, detail: RegExp][] = [
  ['of a wrong type', { ...defaultPolicy, mode: 7 }, '/mode', /^must be "off", "plan", "auto"$/],
  ['with a word that is none', { ...defaultPolicy, mode: 'on' }, '/mode', /^must be "off", "plan", "auto"$/],
  ['with a number as text', { ...defaultPolicy, holdSeconds: '5' }, '/holdSeconds', /must be integer/],
  [
    'with a number that is too great',
    { ...defaultPolicy, holdSeconds: 1e9 },
    '/holdSeconds',
    /must be <= 604800/,
  ],
  ['with a fraction', { ...defaultPolicy, cooldownSeconds: 0.5 }, '/cooldownSeconds', /must be integer/],
  ['with a field too many', { ...defaultPolicy, maxBricks: 3 }, '/maxBricks', /^is not known here$/],
  [
    'with a misspelt limit',
    { ...defaultPolicy, limits: { ...defaultPolicy.limits, maxBrick: 3 } },
    '/limits/maxBrick',
    /^is not known here$/,
  ],
  ['with a field too few', { ...defaultPolicy, limits: undefined }, '/limits', /^is missing$/],
  ['that is null', null, '', /must be object/],
  ['that is a list', [defaultPolicy], '', /must be object/],
];

describe('a policy', () => {
  test.each(policies)('%s is refused with the place', async (_, body, pointer, detail) => {
    const problem = await refused('PUT', policyUrl, JSON.stringify(body), 400, 'bad-input');
    const [error] = problem.errors ?? [];
    expect(error?.pointer).toBe(pointer);
    expect(error?.detail).toMatch(detail);
    expect(problem.errors).toHaveLength(1);
  });

  test('of mode auto without a limit is refused, and so is a target below the level', async () => {
    const auto = JSON.stringify({ ...defaultPolicy, mode: 'auto' });
    expect((await refused('PUT', policyUrl, auto, 400, 'bad-input')).detail).toMatch(/needs a limit/);
    const low = JSON.stringify({ ...defaultPolicy, target: { freePercent: 5 } });
    expect((await refused('PUT', policyUrl, low, 400, 'bad-input')).detail).toMatch(/must be above/);
  });
});

const bodies: [name: string, body: string, headers: Record<string, string>, status: number, code: string][] =
  [
    ['is no JSON', '{"mode":', json, 400, 'bad-input'],
    ['is empty', '', json, 400, 'bad-input'],
    ['has a prototype to poison', '{"__proto__":{"mode":"auto"}}', json, 400, 'bad-input'],
    ['is larger than 64 KiB', `"${'x'.repeat(70_000)}"`, json, 413, 'too-large'],
    ['is text', '{}', { 'content-type': 'text/plain' }, 415, 'unsupported'],
    ['is a form', 'mode=auto', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported'],
    ['has no type', '{}', {}, 415, 'unsupported'],
  ];

describe.each([
  ['PUT', (): string => policyUrl],
  ['POST', (): string => '/v1/volumes/vol1/plans'],
  ['POST', (): string => `/v1/plans/${plan}/approve`],
  ['POST', (): string => `/v1/plans/${plan}/cancel`],
] as const)('%s: a body that', (method, url) => {
  test.each(bodies)('%s', async (_, body, headers, status, code) => {
    await refused(method, url(), body, status, code, headers);
  });
});

describe('a path or a query', () => {
  test.each([
    ['/v1/nothing', 404, 'not-found'],
    ['/v1/servers/nobody', 404, 'not-found'],
    ['/v1/volumes/vol9', 404, 'not-found'],
    ['/v1/volumes/vol9/policy', 404, 'not-found'],
    ['/v1/volumes/vol9/forecast', 404, 'not-found'],
    ['/v1/volumes/vol9/history', 404, 'not-found'],
    ['/v1/volumes/vol1/history?from=5&to=5', 400, 'bad-input'],
    ['/v1/volumes/vol1/history?from=0&step=60000', 400, 'bad-input'],
    ['/v1/volumes/vol1/history?step=1', 400, 'bad-input'],
    ['/v1/volumes/vol1/history?since=5', 400, 'bad-input'],
    ['/v1/plans/grow-vol9-1', 404, 'not-found'],
    ['/v1/volumes/..%2f..%2fetc', 400, 'bad-input'],
    ['/v1/servers/UPPER', 400, 'bad-input'],
    [`/v1/servers/${'x'.repeat(400)}`, 400, 'bad-input'],
    ['/v1/servers/%zz', 400, 'bad-input'],
    ['/v1/servers?limit=0', 400, 'bad-input'],
    ['/v1/servers?limit=501', 400, 'bad-input'],
    ['/v1/servers?limit=many', 400, 'bad-input'],
    ['/v1/servers?limit=1&limit=2', 400, 'bad-input'],
    ['/v1/servers?cursor=nonsense', 400, 'bad-input'],
    ['/v1/servers?frehs=true', 400, 'bad-input'],
    ['/v1/plans?status=finished', 400, 'bad-input'],
    ['/v1/findings?severity=bad', 400, 'bad-input'],
  ])('%s gets %i %s', async (url, status, code) => {
    await refused('GET', url, undefined, status, code, {});
  });
});

describe('who asks', () => {
  test.each([
    ['a name that somebody points here', { host: 'attacker.example' }],
    ['a foreign page', { 'sec-fetch-site': 'cross-site', ...json }],
  ])('%s is refused', async (_, headers) => {
    await refused('PUT', policyUrl, JSON.stringify(defaultPolicy), 400, 'bad-input', { ...json, ...headers });
  });

  test.each(['127.0.0.1:7480', '[::1]:7480', 'localhost', 'gluster1:7480'])(
    '%s is answered',
    async (host) => {
      expect((await served.api.inject({ url: '/livez', headers: { host } })).statusCode).toBe(200);
    },
  );
});

describe('a plan', () => {
  test('is not approved by another hash', async () => {
    const body = JSON.stringify({ hash: 'f'.repeat(64) });
    const problem = await refused('POST', `/v1/plans/${plan}/approve`, body, 409, 'conflict');
    expect(problem.reasons).toEqual([expect.stringContaining('has the hash')]);
  });

  test('of another goal is not to be had', async () => {
    const problem = await refused('POST', '/v1/volumes/vol1/plans', '{"goal":"shrink"}', 400, 'bad-input');
    expect(problem.errors).toEqual([{ pointer: '/goal', detail: 'must be "grow"' }]);
  });
});

test('nobody is told what broke inside, and the log is', async () => {
  const broken = await serveState(state);
  broken.store.close();
  const response = await broken.api.inject({
    method: 'PUT',
    url: policyUrl,
    payload: { ...defaultPolicy, mode: 'off' },
  });
  expect(response.statusCode).toBe(500);
  expect(response.json()).toMatchObject({ code: 'internal', detail: expect.not.stringMatching(/database/) });
  expect(broken.log.filter(({ level }) => level === 'error')).toMatchObject([
    { message: 'a request failed', fields: { error: expect.stringMatching(/database/) } },
  ]);
});

async function refused(
  method: 'GET' | 'PUT' | 'POST',
  url: string,
  payload: string | undefined,
  status: number,
  code: string,
  headers: Record<string, string> = json,
): Promise<Problem> {
  const before = stored(served.store);
  const response = await served.api.inject({
    method,
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  await served.settle();
  const problem: Problem = response.json();
  expect([response.statusCode, problem.code]).toEqual([status, code]);
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json;/);
  expect(Compile(Problem).Errors(problem)).toEqual([]);
  expect(problem).toMatchObject({ status, type: `urn:mortar:error:${code}`, instance: url.split('?')[0] });
  expect(stored(served.store)).toEqual(before);
  return problem;
}
