// A filesystem that is grown where it is: its server reports more space than before. The outcome alone finishes the step
// too, because a filesystem that has its whole device already shows nothing new.

import type { Filesystem } from '../../../shared/model/filesystem.ts';
import type { StepOf } from '../../../shared/model/step.ts';
import { type Cluster, serverNamed } from '../cluster.ts';
import type { StepRule } from './step-rules.ts';

export const growFilesystemRule: StepRule<'grow-filesystem'> = {
  /** xfs_growfs and resize2fs write group headers only: seconds, on a disk that may be busy; they are cut off after 100 s. */
  limitMs: 120_000,
  outcomeDone: 'finishes',
  isUndoneByRefusal: false,

  look(step, cluster) {
    const where = `${step.server}:${step.mountPoint}`;
    if (serverNamed(cluster, step.server)?.isFresh !== true) {
      return { kind: 'unknown', sentence: `${step.server} is silent` };
    }
    const filesystem = filesystemOf(step, cluster);
    if (filesystem === undefined) return { kind: 'unknown', sentence: `nothing is seen mounted on ${where}` };
    if (filesystem.device !== step.device) {
      return {
        kind: 'failed',
        sentence: `${where} is on ${filesystem.device} now, and the plan was written for ${step.device}`,
      };
    }
    return filesystem.sizeBytes > step.sizeBytesBefore ? { kind: 'shown', note: null } : { kind: 'absent' };
  },

  witnesses(step, cluster) {
    const server = serverNamed(cluster, step.server);
    return server === undefined ? [] : [server];
  },

  whyNotYet(step, cluster) {
    return filesystemOf(step, cluster)?.isReadOnly === true
      ? `the filesystem on ${step.server}:${step.mountPoint} is read-only`
      : null;
  },
};

/** The filesystem that the step is about, as its server reports it. */
export function filesystemOf(step: StepOf<'grow-filesystem'>, cluster: Cluster): Filesystem | undefined {
  return serverNamed(cluster, step.server)?.filesystems.find(
    (filesystem) => filesystem.mountPoint === step.mountPoint,
  );
}
