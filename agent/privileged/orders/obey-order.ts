// From a signed order to its outcome. The order of writing is what makes a crash harmless: epoch on disk, begin on
// disk, act, end on disk, answer. Cut anywhere, the same order asked again is either new, looked at, or answered.
import { AssertionError } from '../../../shared/lib/assert.ts';
import { describeError, MortarError } from '../../../shared/lib/errors.ts';
import type { ServerName } from '../../../shared/model/names.ts';
import type { Order, Outcome, OutcomeKind } from '../../../shared/model/order.ts';
import type { SignedOrder } from '../../../shared/protocol/messages.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Log } from '../../../shared/runtime/log.ts';
import { admitOrder, verifyOrder } from '../admit.ts';
import { isStepDone, runStep, type StepResult } from '../verbs/run-step.ts';
import type { StepEdges } from '../verbs/verb.ts';
import type { EpochStore } from './epoch-store.ts';
import type { Journal } from './journal.ts';
import { createTurns } from './turns.ts';

/** Orders that may run or wait. The coordinator sends one at a time per pool; more than a few is a flood. */
const maxOrders = 8;
/** What the schema of an outcome allows. */
const maxMessageChars = 4096;

export interface ObeyEdges {
  server: ServerName;
  /** The PEM of the pinned key; throws MortarError when none is pinned. Read per order, so a joining needs no restart. */
  readPublicKey(): Promise<string>;
  epochs: EpochStore;
  journal: Journal;
  clock: Clock;
  log: Log;
  step: StepEdges;
}

export interface Obeyer {
  /** The outcome of `signed`. Throws MortarError('order-refused') when it is not an order of the coordinator for this server. */
  obey(signed: SignedOrder): Promise<Outcome>;
  /** Resolves when no order runs or waits. */
  idle(): Promise<void>;
}

/** Obeys orders one at a time; the same order asked twice is carried out once. */
export function createObeyer(edges: ObeyEdges): Obeyer {
  const turns = createTurns(maxOrders);
  const inProgress = new Map<string, Promise<Outcome>>();

  async function obey(signed: SignedOrder): Promise<Outcome> {
    const verified = verifyOrder(signed, await edges.readPublicKey(), edges.server);
    if (!verified.ok) throw new MortarError('order-refused', verified.sentence);
    const { order } = verified;
    const running = inProgress.get(order.id);
    if (running) return running;
    const turn = turns.take(() => carryOut(order, edges));
    if (!turn) return outcomeOf(order, edges, 'busy', `${maxOrders} orders are waiting here already`);
    const outcome = turn.finally(() => inProgress.delete(order.id));
    inProgress.set(order.id, outcome);
    return outcome;
  }

  return { obey, idle: () => turns.idle() };
}

async function carryOut(order: Order, edges: ObeyEdges): Promise<Outcome> {
  const recorded = edges.journal.find(order.id);
  if (recorded.kind === 'ended') return recorded.outcome;
  const beganAt = recorded.kind === 'begun' ? recorded.at : edges.clock.now();
  const admitted = admitOrder(order, edges.epochs.highest(), edges.clock.now());
  if (!admitted.ok) {
    if (recorded.kind === 'new') return outcomeOf(order, edges, 'refused', admitted.sentence);
    return record(order, edges, beganAt, await lookOnly(order, edges, admitted.sentence));
  }
  await edges.epochs.raise(order.epoch);
  if (recorded.kind === 'new') await edges.journal.begin(order.id, beganAt);
  return record(order, edges, beganAt, await runStep(order.step, edges.step));
}

/** An order that began before a crash and may not be begun now: what it has left behind is all that can be told. */
async function lookOnly(order: Order, edges: ObeyEdges, sentence: string): Promise<StepResult> {
  try {
    if (await isStepDone(order.step, edges.step)) {
      return { kind: 'done', message: 'begun before a restart; the effect is there' };
    }
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    return { kind: 'unknown', message: `begun before a restart; could not look: ${describeError(error)}` };
  }
  return {
    kind: 'unknown',
    message: `begun before a restart; the effect is not there now, and not tried again: ${sentence}`,
  };
}

async function record(order: Order, edges: ObeyEdges, beganAt: number, result: StepResult): Promise<Outcome> {
  const outcome = { ...outcomeOf(order, edges, result.kind, result.message), beganAt };
  await edges.journal.end(outcome);
  edges.log.info({ orderId: order.id, kind: outcome.kind, step: order.step.kind }, outcome.message);
  return outcome;
}

function outcomeOf(order: Order, edges: ObeyEdges, kind: OutcomeKind, message: string): Outcome {
  const now = edges.clock.now();
  return {
    orderId: order.id,
    plan: order.plan,
    stepIndex: order.stepIndex,
    server: edges.server,
    kind,
    message: message.slice(0, maxMessageChars),
    beganAt: now,
    endedAt: now,
  };
}
