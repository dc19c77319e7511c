// Slots of all servers, also those that cannot be used: each with its reason.
import { Type } from 'typebox';
import { ServerName } from '../../../shared/model/names.ts';
import type { Coordination } from '../../loop/coordination.ts';
import { type Api, Strict } from '../typed-instance.ts';
import { keyOfParts, Page, pageQuery, paginate } from '../views/page.ts';
import { SlotView, viewSlot } from '../views/slot-view.ts';

export function addSlotRoutes(api: Api, coordination: Coordination): void {
  api.get(
    '/v1/slots',
    {
      schema: {
        operationId: 'listSlots',
        summary: 'Slots by server and path',
        tags: ['slots'],
        querystring: Strict({
          ...pageQuery,
          server: Type.Optional(ServerName),
          usable: Type.Optional(Type.Boolean({ description: 'Whether nothing speaks against the slot.' })),
        }),
        response: { 200: Page(SlotView) },
      },
    },
    ({ query }) => {
      const wanted = coordination
        .snapshot()
        .cluster.slots.filter(
          ({ server, slot }) =>
            (query.server === undefined || server === query.server) &&
            (query.usable === undefined || (slot.problem === null) === query.usable),
        );
      const { items, next } = paginate(wanted, ({ server, slot }) => keyOfParts(server, slot.path), query);
      return { items: items.map(viewSlot), next };
    },
  );
}
