// Everything that is wrong or worth knowing, the worst first.
import { Type } from 'typebox';
import { Finding, findingCodes, severities } from '../../../shared/model/finding.ts';
import { OneOf } from '../../../shared/model/schema.ts';
import type { Coordination } from '../../loop/coordination.ts';
import { type Api, Strict } from '../typed-instance.ts';
import { findingKey } from '../views/health-view.ts';
import { Page, pageQuery, paginate } from '../views/page.ts';

export function addFindingRoutes(api: Api, coordination: Coordination): void {
  api.get(
    '/v1/findings',
    {
      schema: {
        operationId: 'listFindings',
        summary: 'Findings, the worst first',
        tags: ['health'],
        querystring: Strict({
          ...pageQuery,
          code: Type.Optional(OneOf(findingCodes)),
          severity: Type.Optional(OneOf(severities)),
          subject: Type.Optional(Type.String({ maxLength: 4096 })),
        }),
        response: { 200: Page(Finding) },
      },
    },
    ({ query }) => {
      const wanted = coordination
        .snapshot()
        .findings.filter(
          (finding) =>
            (query.code === undefined || finding.code === query.code) &&
            (query.severity === undefined || finding.severity === query.severity) &&
            (query.subject === undefined || finding.subject === query.subject),
        );
      return paginate(wanted, findingKey, query);
    },
  );
}
