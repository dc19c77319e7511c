// A brick directory. That its slot lists the name says nothing of what lies there, so only the verb's own word finishes
// the step, or a brick that is there already. It is cheap to ask again.
//
// It is asked again before an add-brick is given again: glusterd marks the directories of the servers that agreed
// before the one that did not, and later takes its own mark for another volume's ("already part of a volume"). The verb
// makes such a directory anew.
import { serverNamed } from '../cluster.ts';
import { slotAt } from '../cluster-index.ts';
import type { StepRule } from './step-rules.ts';

export const makeBrickDirectoryRule: StepRule<'make-brick-directory'> = {
  /** Two system calls and an fsync, on a disk that may be busy. */
  limitMs: 30_000,
  outcomeDone: 'finishes',
  isUndoneByRefusal: true,

  look(step, cluster) {
    if (serverNamed(cluster, step.server)?.isFresh !== true) {
      return { kind: 'unknown', sentence: `${step.server} is silent` };
    }
    const directory = step.path.slice(0, step.path.lastIndexOf('/'));
    const slot = slotAt(cluster, step.server, directory);
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
    return { kind: 'absent' };
  },

  witnesses(step, cluster) {
    const server = serverNamed(cluster, step.server);
    return server === undefined ? [] : [server];
  },

  whyNotYet: () => null,
};
