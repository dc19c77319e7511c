// A brick directory: its slot lists it, or a brick lies there already. The outcome alone finishes the step, because
// add-brick looks for the directory itself and refuses without it.
import { serverNamed } from '../cluster.ts';
import type { StepRule } from './step-rules.ts';

export const makeBrickDirectoryRule: StepRule<'make-brick-directory'> = {
  /** Two system calls and an fsync, on a disk that may be busy. */
  limitMs: 30_000,
  outcomeDone: 'finishes',

  look(step, cluster) {
    if (serverNamed(cluster, step.server)?.isFresh !== true) {
      return { kind: 'unknown', sentence: `${step.server} is silent` };
    }
    const cut = step.path.lastIndexOf('/');
    const directory = step.path.slice(0, cut);
    const slot = cluster.slots.find(
      (candidate) => candidate.server === step.server && candidate.slot.path === directory,
    );
    if (slot === undefined) {
      return { kind: 'unknown', sentence: `${step.server} does not offer the slot ${directory} any more` };
    }
    if (slot.bricks.some((brick) => brick.path === step.path)) return { kind: 'shown', note: null };
    if (slot.slot.problem !== null) {
      return {
        kind: 'unknown',
        sentence: `the slot ${step.server}:${directory}: ${slot.slot.problem.sentence}`,
      };
    }
    if (slot.slot.entries === null) {
      return { kind: 'unknown', sentence: `what lies in ${step.server}:${directory} is not known` };
    }
    return slot.slot.entries.includes(step.path.slice(cut + 1))
      ? { kind: 'shown', note: null }
      : { kind: 'absent' };
  },

  witnesses(step, cluster) {
    const server = serverNamed(cluster, step.server);
    return server === undefined ? [] : [server];
  },

  whyNotYet: () => null,
};
