// The cluster as a whole: the policy of volumes without one of their own, and the freeze.
import { MortarError } from '../../../shared/lib/errors.ts';
import { ClusterIntent, ClusterWish } from '../../../shared/model/cluster-intent.ts';
import { policyProblems } from '../../../shared/model/policy.ts';
import type { Coordination } from '../../loop/coordination.ts';
import { type Api, askerOf } from '../typed-instance.ts';

export function addClusterRoutes(api: Api, coordination: Coordination): void {
  api.get(
    '/v1/cluster',
    {
      schema: {
        operationId: 'getCluster',
        summary: 'The policy of volumes without one of their own, and whether everything stands still',
        tags: ['cluster'],
        response: { 200: ClusterIntent },
      },
    },
    () => coordination.snapshot().state.intent,
  );

  api.put(
    '/v1/cluster',
    {
      schema: {
        operationId: 'setCluster',
        summary: 'Sets both; a freeze holds when this answers, for orders that are not out yet',
        tags: ['cluster'],
        body: ClusterWish,
        response: { 200: ClusterIntent },
      },
    },
    (request) => {
      const problems = policyProblems(request.body.defaults);
      if (problems.length > 0) throw new MortarError('bad-input', `defaults: ${problems.join('; ')}`);
      return coordination.setCluster(request.body, askerOf(request));
    },
  );
}
