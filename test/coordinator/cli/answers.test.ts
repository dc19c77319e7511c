// The command's idea of the API's answers is held against the API's own schemas: by the compiler here, field by field.
import { expectTypeOf, test } from 'vitest';
import type { Problem } from '../../../coordinator/api/errors.ts';
import type { BrickView } from '../../../coordinator/api/views/brick-view.ts';
import type { ForecastView } from '../../../coordinator/api/views/forecast-view.ts';
import type { HealthView } from '../../../coordinator/api/views/health-view.ts';
import type { PlanSummary, PlanView, PreviewView } from '../../../coordinator/api/views/plan-view.ts';
import type { ServerSummary } from '../../../coordinator/api/views/server-view.ts';
import type { SlotView } from '../../../coordinator/api/views/slot-view.ts';
import type { PolicyView, VolumeSummary, VolumeView } from '../../../coordinator/api/views/volume-view.ts';
import type {
  BrickAnswer,
  ForecastAnswer,
  HealthAnswer,
  PlanAnswer,
  PlanInFull,
  PolicyAnswer,
  PreviewAnswer,
  ProblemAnswer,
  ServerAnswer,
  SlotAnswer,
  VolumeAnswer,
  VolumeInFull,
} from '../../../coordinator/cli/answers.ts';

test('each answer of the API has what the command reads', () => {
  expectTypeOf<HealthView>().toExtend<HealthAnswer>();
  expectTypeOf<ServerSummary>().toExtend<ServerAnswer>();
  expectTypeOf<SlotView>().toExtend<SlotAnswer>();
  expectTypeOf<BrickView>().toExtend<BrickAnswer>();
  expectTypeOf<VolumeSummary>().toExtend<VolumeAnswer>();
  expectTypeOf<VolumeView>().toExtend<VolumeInFull>();
  expectTypeOf<ForecastView>().toExtend<ForecastAnswer>();
  expectTypeOf<PolicyView>().toExtend<PolicyAnswer>();
  expectTypeOf<PlanSummary>().toExtend<PlanAnswer>();
  expectTypeOf<PlanView>().toExtend<PlanInFull>();
  expectTypeOf<PreviewView>().toExtend<PreviewAnswer>();
  expectTypeOf<Problem>().toExtend<ProblemAnswer>();
});
