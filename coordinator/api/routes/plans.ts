// Plans: previewed, proposed, approved, held, cancelled, and told as a story afterwards.
import { Type } from 'typebox';
import { MortarError } from '../../../shared/lib/errors.ts';
import { PlanId, VolumeName } from '../../../shared/model/names.ts';
import { Plan, type PlanRecord, planStatuses } from '../../../shared/model/plan.ts';
import { OneOf } from '../../../shared/model/schema.ts';
import type { Answer, Coordination, Snapshot } from '../../loop/coordination.ts';
import { RefusedError } from '../errors.ts';
import { type Api, askerOf, Strict } from '../typed-instance.ts';
import { keyOfParts, Page, type PageQuery, pageQuery, paginate, readCursor } from '../views/page.ts';
import {
  PlanSummary,
  PlanView,
  PreviewView,
  summarizePlan,
  viewPlan,
  viewPreview,
} from '../views/plan-view.ts';
import { findVolume } from './volumes.ts';

const params = Strict({ id: PlanId });

/** Journal entries on a page when no limit is asked for: a plan of dozens of steps fits. */
const journalLimit = 500;

export function addPlanRoutes(api: Api, coordination: Coordination): void {
  api.post(
    '/v1/volumes/:name/plans',
    {
      schema: {
        operationId: 'planGrowth',
        summary:
          'What growing the volume would be: every candidate and why not. Stores nothing unless `propose` is true',
        tags: ['plans'],
        params: Strict({ name: VolumeName }),
        body: Strict({ goal: Type.Literal('grow'), propose: Type.Optional(Type.Boolean()) }),
        response: { 200: PreviewView, 201: PreviewView },
      },
    },
    (request, reply) => {
      const { name } = findVolume(coordination.snapshot(), request.params.name).volume;
      const preview = coordination.preview(name);
      if (request.body.propose !== true) return viewPreview(preview, null);
      const record = recordOf(coordination.propose(name, askerOf(request)));
      void reply.code(201).header('location', `/v1/plans/${record.plan.id}`);
      return viewPreview(preview, record);
    },
  );

  api.get(
    '/v1/plans',
    {
      schema: {
        operationId: 'listPlans',
        summary: 'Plans, the newest first',
        tags: ['plans'],
        querystring: Strict({
          ...pageQuery,
          volume: Type.Optional(VolumeName),
          status: Type.Optional(OneOf(planStatuses)),
        }),
        response: { 200: Page(PlanSummary) },
      },
    },
    ({ query }) => {
      const wanted = [...coordination.snapshot().state.plans.values()].filter(
        ({ plan, status }) =>
          (query.volume === undefined || plan.goal.volume === query.volume) &&
          (query.status === undefined || status === query.status),
      );
      const { items, next } = paginate(wanted, newestFirst, query);
      return { items: items.map(summarizePlan), next };
    },
  );

  api.get(
    '/v1/plans/:id',
    {
      schema: {
        operationId: 'getPlan',
        summary: 'One plan: its steps, the slots that were looked at, and what happened when',
        tags: ['plans'],
        params,
        querystring: Strict(pageQuery),
        response: { 200: PlanView },
      },
    },
    (request) => {
      const record = findPlan(coordination.snapshot(), request.params.id);
      return viewPlan(record, coordination.journal(record.plan.id, journalPage(request.query)));
    },
  );

  api.post(
    '/v1/plans/:id/approve',
    {
      schema: {
        operationId: 'approvePlan',
        summary: 'Lets a proposed plan run, if `hash` is its hash: what runs is what was looked at',
        tags: ['plans'],
        params,
        body: Strict({ hash: Plan.properties.hash }),
        response: { 200: PlanSummary },
      },
    },
    (request) => {
      const { plan } = findPlan(coordination.snapshot(), request.params.id);
      return summarizePlan(recordOf(coordination.approve(plan.id, request.body.hash, askerOf(request))));
    },
  );

  addVerbRoutes(api, coordination);
}

/** What is asked of a plan without more to say: alike but for the verb. */
function addVerbRoutes(api: Api, coordination: Coordination): void {
  for (const [verb, summary] of [
    ['cancel', 'Ends a plan that is proposed or running'],
    ['pause', 'Holds a running plan: what is under way ends, and nothing more is ordered'],
    ['resume', 'Lets a paused plan go on from what the servers show'],
  ] as const) {
    api.post(
      `/v1/plans/:id/${verb}`,
      {
        schema: {
          operationId: `${verb}Plan`,
          summary,
          tags: ['plans'],
          params,
          body: Strict({}),
          response: { 200: PlanSummary },
        },
      },
      (request) => {
        const { plan } = findPlan(coordination.snapshot(), request.params.id);
        return summarizePlan(recordOf(coordination[verb](plan.id, askerOf(request))));
      },
    );
  }
}

function findPlan({ state }: Snapshot, id: PlanId): PlanRecord {
  const record = state.plans.get(id);
  if (record === undefined) throw new MortarError('not-found', `there is no plan called ${id}`);
  return record;
}

function recordOf(answer: Answer): PlanRecord {
  if (answer.kind === 'refused') throw new RefusedError(answer);
  return answer.record;
}

/** Keys sort upwards, so the time is counted down from the greatest that a Date can have. */
function newestFirst({ plan }: PlanRecord): string {
  return keyOfParts(String(8.64e15 - plan.writtenAt).padStart(16, '0'), plan.id);
}

function journalPage({ limit, cursor }: PageQuery): { limit: number; after: number | null } {
  if (cursor === undefined) return { limit: limit ?? journalLimit, after: null };
  const after = Number(readCursor(cursor));
  if (!Number.isSafeInteger(after)) throw new MortarError('bad-input', 'cursor belongs to another list');
  return { limit: limit ?? journalLimit, after };
}
