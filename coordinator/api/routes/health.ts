// Is it well? For people (`/v1/health`), for whoever restarts processes (`/livez`) and for whoever sends them requests
// (`/readyz`). Health is 200 whatever it says: the question was answered.
import { Type } from 'typebox';
import type { Coordination } from '../../loop/coordination.ts';
import type { Api } from '../typed-instance.ts';
import { HealthView, viewHealth } from '../views/health-view.ts';

const Live = Type.Object({ status: Type.Literal('live') });
const Ready = Type.Object({ status: Type.Literal('ready') });
const Unready = Type.Object({ status: Type.Literal('not-ready'), reasons: Type.Array(Type.String()) });

export function addHealthRoutes(api: Api, coordination: Coordination): void {
  api.get(
    '/v1/health',
    {
      schema: {
        operationId: 'getHealth',
        summary: 'How the cluster is: the worst finding decides',
        tags: ['health'],
        response: { 200: HealthView },
      },
    },
    () => viewHealth(coordination.snapshot()),
  );

  api.get(
    '/livez',
    {
      schema: {
        operationId: 'getLiveness',
        summary: 'Whether the process answers',
        tags: ['health'],
        response: { 200: Live },
      },
    },
    () => ({ status: 'live' as const }),
  );

  api.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        summary: 'Whether the bus is connected and a first conclusion is drawn',
        tags: ['health'],
        response: { 200: Ready, 503: Unready },
      },
    },
    (_, reply) => {
      const reasons = [...coordination.unreadiness()];
      if (reasons.length === 0) return { status: 'ready' as const };
      void reply.code(503);
      return { status: 'not-ready' as const, reasons };
    },
  );
}
