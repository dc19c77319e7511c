// A rebalance, of the layout alone or of the data too: done when every server with a brick of the volume shows a task of its own time, completed. get-state
// does not tell fix-layout from a full rebalance ("completed" for both), keeps the old task's "completed" after an
// add-brick, and never shows anything but "not started" on a server without a brick of the volume: so the task's id
// decides what is ours, and servers without bricks are not waited for.
import type { StepOf } from '../../../shared/model/step.ts';
import type { RebalanceStatus, Volume } from '../../../shared/model/volume.ts';
import {
  brickSpec,
  bricksOf,
  type Cluster,
  type ClusterServer,
  type ClusterVolume,
  volumeById,
} from '../cluster.ts';
import { closedGates, type GateName } from '../growth/gates.ts';
import { whyNoDataMove } from '../growth/rebalance-choice.ts';
import { freshWords, serversOf, type VolumeWord } from '../view-volumes.ts';
import { counted, listed } from '../wording.ts';
import type { Sight, StepRule } from './step-rules.ts';

type RebalanceTask = StepOf<'fix-layout' | 'rebalance'>;

export const fixLayoutRule: StepRule<'fix-layout'> = {
  ...ruleOfTask(),
  // Heals may be pending: they are no obstacle to a layout, and under load there may always be some.
  whyNotYet: (step, cluster) => whyNotStart(step, cluster, ['heals-done']),
};

export const rebalanceRule: StepRule<'rebalance'> = {
  ...ruleOfTask(),
  whyNotYet(step, cluster) {
    const volume = volumeById(cluster, step.volumeId);
    return (volume && whyNoDataMove(volume)) ?? whyNotStart(step, cluster, []);
  },
};

function ruleOfTask() {
  return {
    /** To start it: the answer takes 10 s of sleeps in glusterd, and the command gives up after 120 s. */
    limitMs: 150_000,
    outcomeDone: 'starts',
    isUndoneByRefusal: false,
    look,
    witnesses(step: RebalanceTask, cluster: Cluster): readonly ClusterServer[] {
      const volume = volumeById(cluster, step.volumeId);
      return volume === undefined ? [] : serversOf(volume);
    },
  } as const;
}

function whyNotStart(step: RebalanceTask, cluster: Cluster, except: readonly GateName[]): string | null {
  const volume = volumeById(cluster, step.volumeId);
  if (volume === undefined) return `no server knows ${step.volume}`;
  return closedGates({ cluster, volume, running: [] }, except)[0] ?? null;
}

function look(step: RebalanceTask, cluster: Cluster): Sight {
  const volume = volumeById(cluster, step.volumeId);
  if (volume === undefined) return { kind: 'unknown', sentence: `no server knows ${step.volume}` };
  // A server that cannot see its glusterd has no UUID to be known by: its bricks would be missed, not waited for.
  const homeless = bricksOf(volume).find((member) => member.server === null);
  if (homeless !== undefined) {
    return { kind: 'unknown', sentence: `nothing is known of the server of ${brickSpec(homeless.brick)}` };
  }
  const holders = serversOf(volume);
  const silent = holders.filter((server) => !server.isFresh).map((server) => server.name);
  const words = wordsOf(cluster, volume, holders);
  const failed = words.filter(({ volume: word }) => hasFailed(word, step)).map(nameOf);
  if (failed.length > 0) {
    return {
      kind: 'failed',
      sentence: `the ${step.kind} of ${step.volume} failed or was stopped on ${listed(failed)}`,
    };
  }
  if (silent.length > 0) return { kind: 'unknown', sentence: `nothing fresh is known of ${listed(silent)}` };
  if (words.length < holders.length) {
    return {
      kind: 'unknown',
      sentence: `not every server with a brick of ${step.volume} shows the volume`,
    };
  }
  return lookAtTask(step, words);
}

function lookAtTask(step: RebalanceTask, words: readonly VolumeWord[]): Sight {
  const running = words.filter(({ volume }) => isOurs(volume, step) && isRunning(volume.rebalance.status));
  if (running.length > 0) {
    return {
      kind: 'running',
      sentence: `the ${step.kind} of ${step.volume} runs on ${listed(running.map(nameOf))}`,
    };
  }
  const isComplete = words.every(
    ({ volume }) => isOurs(volume, step) && isCompleted(volume.rebalance.status),
  );
  if (!isComplete || words.length === 0) return { kind: 'absent' };
  // Two servers that crawl the same directory race, and the loser counts a failure: worth saying, no reason to fail.
  const failures = words.filter(({ volume }) => volume.rebalance.failures > 0);
  const notes = failures.map(
    (word) => `${counted(word.volume.rebalance.failures, 'failure')} on ${nameOf(word)}`,
  );
  return { kind: 'shown', note: notes.length === 0 ? null : `completed with ${listed(notes)}` };
}

function wordsOf(cluster: Cluster, volume: ClusterVolume, holders: readonly ClusterServer[]): VolumeWord[] {
  const names = new Set<string>(holders.map((server) => server.name));
  return freshWords(cluster.servers, volume.volume).filter((word) => names.has(word.server.name));
}

function isOurs({ rebalance }: Volume, step: RebalanceTask): boolean {
  return rebalance.taskId !== null && rebalance.taskId !== step.taskIdBefore;
}

/** A task that is stopped loses its id, which tells it from one that failed before the plan, unless there was none. */
function hasFailed({ rebalance }: Volume, step: RebalanceTask): boolean {
  if (rebalance.taskId === step.taskIdBefore) return false;
  return ['failed', 'stopped', 'fix-layout-failed', 'fix-layout-stopped'].includes(rebalance.status);
}

function isRunning(status: RebalanceStatus): boolean {
  return status === 'started' || status === 'fix-layout-started';
}

function isCompleted(status: RebalanceStatus): boolean {
  return status === 'completed' || status === 'fix-layout-completed';
}

function nameOf(word: VolumeWord): string {
  return word.server.name;
}
