// Carries a running plan on: marks what the reports show as done, orders the next step, and waits where it must. The
// current step is the first that is not done; there is one order in flight at most. Nothing is concluded from an order
// having been sent, so a coordinator that was killed at any point goes on from here with the same answer.
//
// An order whose end was not seen is unknown, not failed: only reports newer than the time by which it must have ended
// may say that it had no effect, and only then is it given again.
import type { Order, Outcome } from '../../../shared/model/order.ts';
import type { PlanRecord, StepProgress } from '../../../shared/model/plan.ts';
import type { Step, StepKind, StepOf } from '../../../shared/model/step.ts';
import { type Cluster, serverNamed } from '../cluster.ts';
import type { State } from '../state.ts';
import { listed } from '../wording.ts';
import { whyHeld } from './pause-plan.ts';
import { epochOf, orderFor, withOrder, withRedone, withStep } from './step-progress.ts';
import { type Sight, type StepRule, stepRules } from './step-rules.ts';

/** Beyond an order's deadline: the outcome's way back over a bus that says everything again within seconds. */
const graceMs = 10_000;

/** Longest rest between two attempts at a busy Gluster. */
const longestBackOffMs = 30_000;

/** 1, 2, 4, 8, 16 and then 30 s each come to 3.5 min: glusterd drops a lock that was left behind after 3 min. */
const mostBusyAttempts = 12;

/** Orders of one step, whose end was not seen, before the plan is given up; a coordinator that starts anew repeats one too. */
const mostLostAttempts = 5;

/** How long a plan waits without anything happening: longer than a server needs to boot and check its disks. */
const patienceMs = 30 * 60_000;

export interface Advance {
  /** The same object when nothing has changed. */
  readonly record: PlanRecord;
  readonly orders: readonly Order[];
  /** When time alone could carry the plan on (ms since 1970); null when it cannot. */
  readonly wakeAt: number | null;
}

/** What is to be done about the current step. */
type Turn =
  | { readonly kind: 'done'; readonly message: string | null }
  | { readonly kind: 'fail'; readonly sentence: string }
  | { readonly kind: 'order' }
  | { readonly kind: 'retry'; readonly at: number; readonly message: string }
  /** Nothing to do before `until`; null is until somebody reports something, within the limits of patience. */
  | { readonly kind: 'wait'; readonly message: string | null; readonly until: number | null }
  /** Gluster is at it, which may take as long as it needs. */
  | { readonly kind: 'watch'; readonly message: string };

/** Advances `record`, which is running, as far as the cluster and the outcomes allow at `now` (ms since 1970). */
export function advancePlan(state: State, cluster: Cluster, record: PlanRecord, now: number): Advance {
  let current = record;
  const hold = whyHeld(state, record);
  for (const [index, step] of record.plan.steps.entries()) {
    const progress = current.steps[index];
    if (progress === undefined || progress.status === 'done') continue;
    const next = takeTurn(state, cluster, step, progress, now);
    const turn =
      hold === null ? withPatience(next, current, progress, state.intent.changedAt, now) : held(next, hold);
    switch (turn.kind) {
      case 'done':
        current = withStep(current, index, {
          status: 'done',
          endedAt: now,
          retryAt: null,
          message: turn.message,
        });
        continue;
      case 'fail': {
        const failed = withStep(current, index, { status: 'failed', endedAt: now, message: turn.sentence });
        return ended(failed, 'failed', turn.sentence, now);
      }
      case 'order': {
        const order = orderFor(state.epoch, record, index, step, progress.attempts + 1, now);
        return {
          record: withOrder(current, index, order),
          orders: [order],
          wakeAt: order.deadline + graceMs,
        };
      }
      case 'retry': {
        const retried = withStep(current, index, {
          status: 'waiting',
          retryAt: turn.at,
          message: turn.message,
        });
        // Only after its outcome: as long as the step may still be under way, nothing may touch what it works on.
        return { record: withRedone(retried, index), orders: [], wakeAt: turn.at };
      }
      case 'watch':
        return { record: withStep(current, index, { message: turn.message }), orders: [], wakeAt: null };
      case 'wait':
        return {
          record: withStep(current, index, { message: turn.message }),
          orders: [],
          wakeAt: turn.until,
        };
    }
  }
  return ended(current, 'done', null, now);
}

function takeTurn<K extends StepKind>(
  state: State,
  cluster: Cluster,
  step: StepOf<K> & Step,
  progress: StepProgress,
  now: number,
): Turn {
  const rule = stepRules[step.kind] as StepRule<K>;
  const sight = rule.look(step, cluster);
  if (sight.kind === 'shown') return { kind: 'done', message: sight.note };
  if (sight.kind === 'failed') return { kind: 'fail', sentence: sight.sentence };
  const outcome = progress.orderId === null ? undefined : state.outcomes.get(progress.orderId);
  const turn =
    progress.status === 'ordered'
      ? whileInFlight(state, cluster, rule, step, progress, sight, outcome, now)
      : null;
  return turn ?? beforeOrder(cluster, rule, step, progress, sight, now);
}

/** What follows while an order is out; null when it is certain to have had no effect, so that it may be given again. */
function whileInFlight<K extends StepKind>(
  state: State,
  cluster: Cluster,
  rule: StepRule<K>,
  step: StepOf<K>,
  progress: StepProgress,
  sight: Sight,
  outcome: Outcome | undefined,
  now: number,
): Turn | null {
  if (outcome?.kind === 'failed') return { kind: 'fail', sentence: outcome.message };
  if (outcome?.kind === 'busy' || outcome?.kind === 'refused') return afterRefusal(outcome, progress, now);
  const isSaidDone = outcome?.kind === 'done';
  if (isSaidDone && rule.outcomeDone === 'finishes') return { kind: 'done', message: null };
  if (sight.kind === 'running') return { kind: 'watch', message: sight.sentence };
  const isOfEarlierEpoch = outcome === undefined && epochOf(progress) < state.epoch;
  if (
    isOfEarlierEpoch &&
    sight.kind === 'absent' &&
    silentSince(progress.orderedAt, rule, step, cluster).length === 0
  ) {
    return null;
  }

  const lostAt = (progress.deadline ?? now) + graceMs;
  const said = isSaidDone ? 'Gluster has done it; waiting until every server shows it' : null;
  if (now < lostAt) return { kind: 'wait', message: said, until: lostAt };
  const silent = silentSince(lostAt, rule, step, cluster);
  if (silent.length > 0) {
    return {
      kind: 'wait',
      message: `its end was not seen; waiting for a new report from ${listed(silent)}`,
      until: null,
    };
  }
  if (sight.kind === 'partial') return { kind: 'fail', sentence: sight.sentence };
  if (sight.kind === 'unknown') return { kind: 'wait', message: sight.sentence, until: null };
  if (isSaidDone && rule.outcomeDone === 'must-show') {
    return { kind: 'fail', sentence: 'Gluster said that it was done, but no server shows it' };
  }
  if (progress.attempts < mostLostAttempts) return null;
  return {
    kind: 'fail',
    sentence: `ordered ${progress.attempts} times, and neither an end nor an effect was seen`,
  };
}

/** The witnesses that have not reported since `time`. */
function silentSince<K extends StepKind>(
  time: number | null,
  rule: StepRule<K>,
  step: StepOf<K>,
  cluster: Cluster,
): string[] {
  const silent = rule.witnesses(step, cluster).filter((server) => server.state.reportAt <= (time ?? 0));
  return silent.map((server) => server.name);
}

function afterRefusal(outcome: Outcome, progress: StepProgress, now: number): Turn {
  if (progress.attempts >= mostBusyAttempts) {
    return { kind: 'fail', sentence: `given up after ${progress.attempts} attempts: ${outcome.message}` };
  }
  const backOffMs = Math.min(longestBackOffMs, 1000 * 2 ** (progress.attempts - 1));
  return { kind: 'retry', at: now + backOffMs, message: outcome.message };
}

function beforeOrder<K extends StepKind>(
  cluster: Cluster,
  rule: StepRule<K>,
  step: StepOf<K>,
  progress: StepProgress,
  sight: Sight,
  now: number,
): Turn {
  if (progress.status !== 'ordered' && progress.retryAt !== null && now < progress.retryAt) {
    return { kind: 'wait', message: progress.message, until: progress.retryAt };
  }
  if (sight.kind === 'running') return { kind: 'watch', message: sight.sentence };
  if (sight.kind !== 'absent') {
    const sentence = 'sentence' in sight ? sight.sentence : '';
    return { kind: 'wait', message: `waiting: ${sentence}`, until: null };
  }
  const why =
    serverNamed(cluster, step.server)?.isFresh === true
      ? rule.whyNotYet(step, cluster)
      : `${step.server} is silent`;
  return why === null ? { kind: 'order' } : { kind: 'wait', message: `waiting: ${why}`, until: null };
}

/** The turn of a plan that is held: nothing is ordered, and no patience ends. */
function held(turn: Turn, hold: string): Turn {
  return turn.kind === 'order' || turn.kind === 'retry'
    ? { kind: 'wait', message: `held back: ${hold}`, until: null }
    : turn;
}

/** Ends a wait for others that has lasted too long; the time in which the plan was held does not count. */
function withPatience(
  turn: Turn,
  record: PlanRecord,
  progress: StepProgress,
  thawedAt: number | null,
  now: number,
): Turn {
  if (turn.kind !== 'wait' || turn.until !== null) return turn;
  const ends = record.steps.map((step) => step.endedAt ?? 0);
  const since = Math.max(
    record.startedAt ?? now,
    record.resumedAt ?? 0,
    thawedAt ?? 0,
    progress.orderedAt ?? 0,
    ...ends,
  );
  const until = since + patienceMs;
  if (now < until) return { ...turn, until };
  return {
    kind: 'fail',
    sentence: `given up after 30 min without anything happening; ${turn.message ?? 'no reason was seen'}`,
  };
}

function ended(record: PlanRecord, status: 'done' | 'failed', message: string | null, now: number): Advance {
  return { record: { ...record, status, endedAt: now, message }, orders: [], wakeAt: null };
}
