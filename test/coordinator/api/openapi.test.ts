// The OpenAPI document: version 3.1, every route in it, every schema one that a validator takes.
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { buildState } from '../../support/cluster-builder.ts';
import { serveState } from './served-state.ts';

const routes = [
  'get /livez',
  'get /readyz',
  'get /v1/bricks',
  'get /v1/cluster',
  'get /v1/findings',
  'get /v1/health',
  'get /v1/plans',
  'get /v1/plans/{id}',
  'get /v1/servers',
  'get /v1/servers/{name}',
  'get /v1/slots',
  'get /v1/volumes',
  'get /v1/volumes/{name}',
  'get /v1/volumes/{name}/forecast',
  'get /v1/volumes/{name}/history',
  'get /v1/volumes/{name}/policy',
  'post /v1/plans/{id}/approve',
  'post /v1/plans/{id}/cancel',
  'post /v1/plans/{id}/pause',
  'post /v1/plans/{id}/resume',
  'post /v1/volumes/{name}/plans',
  'put /v1/cluster',
  'put /v1/volumes/{name}/policy',
];

interface Content {
  content?: Record<string, { schema: TSchema }>;
}
interface Operation {
  operationId: string;
  summary: string;
  parameters?: { name: string; in: string; required?: boolean; schema: TSchema }[];
  requestBody?: Content & { required?: boolean };
  responses: Record<string, Content>;
}

async function operations(): Promise<Map<string, Operation>> {
  const { api } = await serveState(buildState({ servers: {}, volumes: {} }));
  const response = await api.inject('/openapi.json');
  expect(response.headers['content-type']).toContain('application/json');
  const document = response.json();
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'Mortar', version: expect.any(String) },
  });
  return new Map(
    Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method} ${path}`,
        operation,
      ]),
    ),
  );
}

test('the document is OpenAPI 3.1 and has every route', async () => {
  expect([...(await operations()).keys()].sort()).toEqual(routes);
});

test('each operation has a name of its own, a summary, an answer, and says how it fails', async () => {
  const all = [...(await operations()).values()];
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
  for (const { operationId, summary, responses } of all) {
    expect(summary, operationId).toMatch(/\w/);
    expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(['200', 'default']));
    expect(Object.keys(responses.default?.content ?? {})).toEqual(['application/problem+json']);
  }
});

test('each parameter of a path is declared, and each schema can be compiled', async () => {
  for (const [name, operation] of await operations()) {
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(
      inPath.map((parameter) => `{${parameter.name}}`),
      name,
    ).toEqual(name.match(/\{\w+\}/g) ?? []);
    for (const schema of schemasOf(operation)) expect(() => Compile(schema), name).not.toThrow();
    // `nullable` is OpenAPI 3.0's; in 3.1 a reader takes no notice of it, and null would be refused.
    expect(JSON.stringify(operation), name).not.toContain('"nullable"');
  }
});

function schemasOf({ parameters = [], requestBody, responses }: Operation): TSchema[] {
  const contents = [requestBody, ...Object.values(responses)].flatMap((part) =>
    Object.values(part?.content ?? {}),
  );
  const schemas = [...parameters, ...contents].map(({ schema }) => schema);
  expect(schemas.every((schema) => typeof schema === 'object')).toBe(true);
  return schemas;
}
