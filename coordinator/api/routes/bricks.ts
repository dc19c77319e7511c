// Bricks of all volumes.
import { Type } from 'typebox';
import { ServerName, VolumeName } from '../../../shared/model/names.ts';
import { OneOf } from '../../../shared/model/schema.ts';
import type { Coordination } from '../../loop/coordination.ts';
import { type Api, Strict } from '../typed-instance.ts';
import { BrickView, viewBricks } from '../views/brick-view.ts';
import { keyOfParts, Page, pageQuery, paginate } from '../views/page.ts';

const states = { up: true, down: false, unknown: null } as const;

export function addBrickRoutes(api: Api, coordination: Coordination): void {
  api.get(
    '/v1/bricks',
    {
      schema: {
        operationId: 'listBricks',
        summary: 'Bricks by volume, host and path',
        tags: ['bricks'],
        querystring: Strict({
          ...pageQuery,
          volume: Type.Optional(VolumeName),
          server: Type.Optional(ServerName),
          state: Type.Optional(OneOf(['up', 'down', 'unknown'])),
        }),
        response: { 200: Page(BrickView) },
      },
    },
    ({ query }) => {
      const wanted = coordination
        .snapshot()
        .cluster.volumes.flatMap(viewBricks)
        .filter(
          (brick) =>
            (query.volume === undefined || brick.volume === query.volume) &&
            (query.server === undefined || brick.server === query.server) &&
            (query.state === undefined || brick.isUp === states[query.state]),
        );
      return paginate(wanted, ({ volume, host, path }) => keyOfParts(volume, host, path), query);
    },
  );
}
