// What the API may ask of the loop. Every change is one step: decided by the core on the newest state, saved durably,
// taken into memory, and only then acknowledged; the activation that follows does the rest.
import { MortarError } from '../../shared/lib/errors.ts';
import type { ClusterIntent } from '../../shared/model/cluster-intent.ts';
import type { PlanId, VolumeName } from '../../shared/model/names.ts';
import type { PlanRecord } from '../../shared/model/plan.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { approvePlan, type PlanChange } from '../core/planning/approve-plan.ts';
import { cancelPlan } from '../core/planning/cancel-plan.ts';
import { pausePlan, resumePlan } from '../core/planning/pause-plan.ts';
import { proposePlan } from '../core/planning/propose-plan.ts';
import { previewGrowth } from '../core/preview-growth.ts';
import { viewCluster } from '../core/view-cluster.ts';
import type { JournalEntry, Store } from '../store/store.ts';
import type { Activation } from './activate.ts';
import type { Answer, Coordination, Preview } from './coordination.ts';
import type { LiveState } from './live-state.ts';

/** The loop as the API sees it. */
export function createCoordination(edges: {
  live: LiveState;
  store: Store;
  clock: Clock;
  activation: Activation;
  isConnected: () => boolean;
}): Coordination {
  const { live, store, clock, activation } = edges;

  function save(record: PlanRecord, event: JournalEntry['event'], message: string): Answer {
    const entry: JournalEntry = { at: clock.now(), plan: record.plan.id, event, message };
    store.save({ plans: [record], orders: [], policies: [], journal: [entry] });
    live.setPlan(record);
    activation.activate();
    return { kind: 'accepted', record };
  }

  return {
    snapshot() {
      const latest = activation.latest();
      const state = live.view();
      const now = clock.now();
      return {
        state,
        cluster: viewCluster(state, now),
        findings: latest?.findings ?? [],
        decisions: latest?.decisions ?? [],
        now,
      };
    },
    unreadiness() {
      const missing: string[] = [];
      if (!edges.isConnected()) missing.push('the bus is not connected');
      if (activation.latest() === null) missing.push('nothing has been decided yet');
      return missing;
    },
    setPolicy(volume, policy, who) {
      const message = `policy of ${volume} set to ${policy.mode} by ${who}`;
      const entry: JournalEntry = { at: clock.now(), plan: null, volume, event: 'policy-set', message };
      store.save({ plans: [], orders: [], policies: [{ volume, policy }], journal: [entry] });
      live.setPolicy(volume, policy);
      activation.activate();
    },
    setCluster(wish, who) {
      const now = clock.now();
      const before = live.view().intent;
      const changedAt = wish.isFrozen === before.isFrozen ? before.changedAt : now;
      const intent = { ...wish, freezeReason: wish.isFrozen ? wish.freezeReason : null, changedAt };
      const message = `${describeChange(before, intent)} by ${who}`;
      const entry: JournalEntry = { at: now, plan: null, event: 'cluster-set', message };
      store.save({ plans: [], orders: [], policies: [], intent, journal: [entry] });
      live.setIntent(intent);
      activation.activate();
      return intent;
    },
    approve(plan, hash, who) {
      const change = approvePlan(live.view(), plan, hash, who, clock.now());
      return apply(change, 'approved', `approved by ${who}`);
    },
    cancel(plan, who) {
      return apply(cancelPlan(live.view(), plan, who, clock.now()), 'plan-ended', `cancelled by ${who}`);
    },
    pause: (plan, who) => apply(pausePlan(live.view(), plan, who), 'plan-paused', `paused by ${who}`),
    resume: (plan, who) =>
      apply(resumePlan(live.view(), plan, clock.now()), 'plan-resumed', `resumed by ${who}`),
    preview,
    propose(volume, who) {
      const { decision, plan } = preview(volume);
      if (plan === null || decision.kind !== 'proposed') {
        return { kind: 'refused', code: 'conflict', reasons: [decision.sentence, ...decision.reasons] };
      }
      const known = live.view().plans.get(plan.id);
      if (known !== undefined) return { kind: 'accepted', record: known };
      return save(proposePlan(plan), 'plan-written', `asked for by ${who}. ${plan.reasons.join('; ')}`);
    },
    usage: (key, from, to) => store.usage(key, from, to),
    journal: (plan: PlanId, page) => store.journal(plan, page),
  };

  function preview(volume: VolumeName): Preview {
    const found = previewGrowth(live.view(), volume, clock.now());
    if (found === null) throw new MortarError('not-found', `no server reports a volume called ${volume}`);
    return found;
  }

  function apply(change: PlanChange, event: JournalEntry['event'], message: string): Answer {
    if (!change.ok) return { kind: 'refused', code: change.code, reasons: [change.sentence] };
    return save(change.record, event, message);
  }
}

function describeChange(before: ClusterIntent, after: ClusterIntent): string {
  if (before.isFrozen !== after.isFrozen)
    return after.isFrozen ? 'the cluster was frozen' : 'the cluster was thawed';
  return 'the cluster’s default policy was set';
}
