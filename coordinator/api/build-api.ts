// The HTTP API as a value: building it opens no socket, so tests inject requests. Schemas check what comes in and
// document what goes out; answers are written as the views made them.
import { hostname } from 'node:os';
import swagger from '@fastify/swagger';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import { type FastifyError, fastify } from 'fastify';
import { MortarError } from '../../shared/lib/errors.ts';
import type { Log } from '../../shared/runtime/log.ts';
import type { Coordination } from '../loop/coordination.ts';
import { answerClientError, Problem, sendError, sendProblem } from './errors.ts';
import { hostProblem, originProblem } from './guard-requests.ts';
import { addBrickRoutes } from './routes/bricks.ts';
import { addClusterRoutes } from './routes/cluster.ts';
import { addFindingRoutes } from './routes/findings.ts';
import { addForecastRoutes } from './routes/forecasts.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addPlanRoutes } from './routes/plans.ts';
import { addServerRoutes } from './routes/servers.ts';
import { addSlotRoutes } from './routes/slots.ts';
import { addVolumeRoutes } from './routes/volumes.ts';
import type { Api } from './typed-instance.ts';

const routes = [
  addHealthRoutes,
  addFindingRoutes,
  addServerRoutes,
  addSlotRoutes,
  addBrickRoutes,
  addVolumeRoutes,
  addForecastRoutes,
  addPlanRoutes,
  addClusterRoutes,
];

export interface ApiOptions {
  readonly coordination: Coordination;
  readonly log: Log;
  /** Names under which this machine is called, beside its addresses, its host name and the servers that report. */
  readonly hostNames?: readonly string[];
}

/** The API over `coordination`, ready to `inject` or to `listen`. */
export function buildApi({ coordination, log, hostNames = [hostname()] }: ApiOptions): Api {
  const api: Api = fastify({
    // No request has a body of more than one policy; 64 KiB is far above that.
    bodyLimit: 64 * 1024,
    // A client that takes longer than this to send a request holds a socket and nothing else.
    requestTimeout: 30_000,
    // A server name may have 253 characters, which the default of 100 would turn into "not found".
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => sendError(log, error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();

  api.setValidatorCompiler(TypeBoxValidatorCompiler);
  api.setSerializerCompiler(() => JSON.stringify);
  api.removeContentTypeParser('text/plain');
  api.setErrorHandler<FastifyError>((error, request, reply) => sendError(log, error, request, reply));
  api.setNotFoundHandler((request, reply) =>
    sendProblem(
      request,
      reply,
      'not-found',
      `there is no ${request.method} ${request.url.split('?', 1)[0]}; /openapi.json lists what there is`,
    ),
  );

  const ownNames = () => [...hostNames, ...coordination.snapshot().state.servers.keys()];
  api.addHook('onRequest', async (request) => {
    const problem =
      hostProblem(request.hostname, ownNames) ??
      originProblem(request.headers['sec-fetch-site']?.toString(), request.method);
    if (problem !== null) throw new MortarError('bad-input', problem);
  });
  // Every route can answer with a problem, and the document says so.
  api.addHook('onRoute', (route) => {
    route.schema = {
      ...route.schema,
      response: { ...(route.schema?.response as object), default: failure },
    };
  });

  void api.register(swagger, { openapi: document });
  void api.register(async (scope: Api) => {
    for (const add of routes) add(scope, coordination);
    scope.get('/openapi.json', { schema: { hide: true } }, () => scope.swagger());
  });
  return api;
}

const failure = {
  description: 'Why not',
  content: { 'application/problem+json': { schema: Problem } },
};

const document = {
  openapi: '3.1.0',
  info: {
    title: 'Mortar',
    version: '1',
    description:
      'Keeps GlusterFS clusters healthy and keeps them from running out of space. Times are ms since 1970, ages and durations ms, sizes bytes; what is not known is null.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  tags: ['health', 'servers', 'slots', 'bricks', 'volumes', 'plans', 'cluster'].map((name) => ({ name })),
};
