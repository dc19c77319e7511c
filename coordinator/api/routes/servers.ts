// Servers: what each said of itself, and how old that is.
import { Type } from 'typebox';
import { MortarError } from '../../../shared/lib/errors.ts';
import { ServerName } from '../../../shared/model/names.ts';
import type { Coordination } from '../../loop/coordination.ts';
import { type Api, Strict } from '../typed-instance.ts';
import { Page, pageQuery, paginate } from '../views/page.ts';
import { ServerSummary, ServerView, summarizeServer, viewServer } from '../views/server-view.ts';

export function addServerRoutes(api: Api, coordination: Coordination): void {
  api.get(
    '/v1/servers',
    {
      schema: {
        operationId: 'listServers',
        summary: 'Servers by name',
        tags: ['servers'],
        querystring: Strict({ ...pageQuery, fresh: Type.Optional(Type.Boolean()) }),
        response: { 200: Page(ServerSummary) },
      },
    },
    ({ query }) => {
      const { cluster } = coordination.snapshot();
      const wanted = cluster.servers.filter(
        (server) => query.fresh === undefined || server.isFresh === query.fresh,
      );
      const { items, next } = paginate(wanted, (server) => server.name, query);
      return { items: items.map((server) => summarizeServer(server, cluster.now)), next };
    },
  );

  api.get(
    '/v1/servers/:name',
    {
      schema: {
        operationId: 'getServer',
        summary: 'All that is known of one server',
        tags: ['servers'],
        params: Strict({ name: ServerName }),
        response: { 200: ServerView },
      },
    },
    ({ params }) => {
      const { cluster } = coordination.snapshot();
      const server = cluster.servers.find((candidate) => candidate.name === params.name);
      if (server === undefined)
        throw new MortarError('not-found', `no server called ${params.name} has reported`);
      return viewServer(server, cluster);
    },
  );
}
