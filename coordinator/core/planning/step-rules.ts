// What each kind of step looks like from outside: whether the reports show its effect, what an outcome proves, what must
// be true before it is ordered. Progress is read from here and from nowhere else; the table is completed by the compiler.
import type { StepKind, StepOf } from '../../../shared/model/step.ts';
import type { Cluster, ClusterServer } from '../cluster.ts';
import { addBrickRule } from './add-brick-rule.ts';
import { growFilesystemRule } from './grow-filesystem-rule.ts';
import { makeBrickDirectoryRule } from './make-brick-directory-rule.ts';
import { fixLayoutRule, rebalanceRule } from './rebalance-rules.ts';

/** What the reports show of a step's effect. */
export type Sight =
  /** It is there; `note` is worth keeping with the step. */
  | { readonly kind: 'shown'; readonly note: string | null }
  /** Everybody who would show it says that it is not there. */
  | { readonly kind: 'absent' }
  /** Some show it and some do not. */
  | { readonly kind: 'partial'; readonly sentence: string }
  /** Gluster is at it, for as long as it takes. */
  | { readonly kind: 'running'; readonly sentence: string }
  /** It cannot come about any more. */
  | { readonly kind: 'failed'; readonly sentence: string }
  /** Whoever would show it is silent. */
  | { readonly kind: 'unknown'; readonly sentence: string };

export interface StepRule<K extends StepKind> {
  look(step: StepOf<K>, cluster: Cluster): Sight;
  /** Servers whose reports, once they are newer than a lost order, say whether it had an effect. */
  witnesses(step: StepOf<K>, cluster: Cluster): readonly ClusterServer[];
  /** Why the step must not be ordered yet, in one sentence; null when it may be. */
  whyNotYet(step: StepOf<K>, cluster: Cluster): string | null;
  /** An order that has not ended within this time is not waited for any longer. */
  readonly limitMs: number;
  /**
   * What the outcome "done" is good for. finishes: the step is done. must-show: the reports of all servers must show it
   * too. starts: Gluster has begun, and only the reports tell the end.
   */
  readonly outcomeDone: 'finishes' | 'must-show' | 'starts';
  /** Whether a refusal of the step that follows may undo this one, so that it is done again before the next attempt. */
  readonly isUndoneByRefusal: boolean;
}

export const stepRules: { readonly [K in StepKind]: StepRule<K> } = {
  'make-brick-directory': makeBrickDirectoryRule,
  'add-brick': addBrickRule,
  'fix-layout': fixLayoutRule,
  rebalance: rebalanceRule,
  'grow-filesystem': growFilesystemRule,
};
