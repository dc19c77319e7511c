// Carries out one step: look, act, look again. What is told is what was seen at the end, never what a command claimed:
// a deed that failed because somebody was faster is done, and one that succeeded without an effect is not.
import { AssertionError } from '../../../shared/lib/assert.ts';
import { describeError } from '../../../shared/lib/errors.ts';
import type { OutcomeKind } from '../../../shared/model/order.ts';
import type { Step, StepKind, StepOf } from '../../../shared/model/step.ts';
import { verbs } from './table.ts';
import type { Applied, StepEdges, Verb } from './verb.ts';

export interface StepResult {
  kind: OutcomeKind;
  message: string;
}

/** Whether the effect of `step` is there now. Throws MortarError when that cannot be seen. */
export function isStepDone(step: Step, edges: StepEdges): Promise<boolean> {
  return verbOf(step).isDone(step, edges);
}

/** Makes the effect of `step` so, unless it is. Throws only for a bug, never for anything outside of Mortar. */
export async function runStep(step: Step, edges: StepEdges): Promise<StepResult> {
  const verb = verbOf(step);
  let applied: Applied;
  try {
    if (await verb.isDone(step, edges)) return { kind: 'done', message: 'the effect was there already' };
    applied = await verb.apply(step, edges);
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    // Nothing was changed so far, so trying again is safe; glusterd that just starts again is the usual cause.
    return { kind: 'busy', message: `not tried: ${describeError(error)}` };
  }
  if (applied.kind === 'refused') return { kind: 'refused', message: applied.message };
  let isDoneNow: boolean;
  try {
    isDoneNow = await verb.isDone(step, edges);
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    return {
      kind: 'unknown',
      message: `${applied.message}; could not look afterwards: ${describeError(error)}`,
    };
  }
  if (isDoneNow && applied.kind === 'unknown') {
    // A commit that failed half-way is seen here and not elsewhere; the reports of all servers tell, this one does not.
    return { kind: 'unknown', message: `${applied.message}; the effect is there on this server` };
  }
  if (isDoneNow) return { kind: 'done', message: applied.message };
  if (applied.kind === 'applied') {
    return { kind: 'unknown', message: `${applied.message}, but the effect is not to be seen` };
  }
  return { kind: applied.kind, message: applied.message };
}

function verbOf<K extends StepKind>(step: StepOf<K>): Verb<K> {
  return verbs[step.kind as K];
}
