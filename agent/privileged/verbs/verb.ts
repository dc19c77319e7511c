// What a verb is: one kind of step, as a question and a deed. The question is asked before and after the deed, so a
// verb that was killed anywhere is simply run again.
import type { MountTable } from '../../../shared/lib/mount-table.ts';
import type { StepKind, StepOf } from '../../../shared/model/step.ts';
import type { RunCommand } from '../../../shared/runtime/run-command.ts';
import type { GlusterCli } from '../gluster-cli.ts';

/** How a verb reaches the world; the real ones are made in main.ts. */
export interface StepEdges {
  gluster: GlusterCli;
  /** The mount table of this process, which is the machine's: the unit has no mount namespace of its own. */
  readMounts(): Promise<MountTable>;
  /** For the programs of the filesystems. */
  runCommand: RunCommand;
}

/**
 * What came of a deed, before it is looked at again. applied: the world was told to change and agreed. unknown: it was
 * told and the answer was not seen.
 */
export interface Applied {
  kind: 'applied' | 'busy' | 'failed' | 'refused' | 'unknown';
  message: string;
}

export interface Verb<K extends StepKind> {
  /** Whether the effect of `step` is there. Changes nothing; throws MortarError when that cannot be seen. */
  isDone(step: StepOf<K>, edges: StepEdges): Promise<boolean>;
  /** Makes it so, after checking that it may. Throws only where nothing was changed. */
  apply(step: StepOf<K>, edges: StepEdges): Promise<Applied>;
}
