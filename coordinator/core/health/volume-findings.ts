// Findings about volumes: servers that hold different configurations, space that runs out, growth that cannot happen.
import type { Finding } from '../../../shared/model/finding.ts';
import { isUnderWay } from '../../../shared/model/plan.ts';
import type { Cluster, ClusterVolume } from '../cluster.ts';
import type { GrowthConclusion } from '../growth/decide-growth.ts';
import { describeFullest, judgeLevel } from '../growth/level.ts';
import { plansFor } from '../growth/past-growths.ts';
import { policyOf } from '../growth/policy-of.ts';
import type { State } from '../state.ts';
import { freshWords } from '../view-volumes.ts';
import { listed } from '../wording.ts';
import { makeFinding } from './make-finding.ts';

/** Below this, writes fail on some files soon: Gluster keeps 1 % back, and a fast writer overshoots by seconds. */
const fullPercent = 5;

/** The findings about the volumes of `cluster`, which is the view of `state`, with what was concluded for each. */
export function volumeFindings(
  state: State,
  cluster: Cluster,
  conclusions: readonly GrowthConclusion[],
): Finding[] {
  return [
    ...cluster.volumes.flatMap((volume) => [
      ...findDivergence(state, cluster, volume),
      ...findFull(state, volume, conclusions),
    ]),
    ...conclusions.flatMap(findObstacle),
  ];
}

function findDivergence(state: State, cluster: Cluster, { volume, isConsistent }: ClusterVolume): Finding[] {
  const words = freshWords(cluster.servers, volume);
  // While a plan of ours changes the volume, some servers report the change before the others; the plan watches that.
  const isChanging = plansFor(state, volume).some((record) => isUnderWay(record.status));
  if (isConsistent || isChanging || words.length === 0) return [];
  const versions = words.map(
    ({ server, volume: word }) =>
      `${server.name} has ${word.bricks.length} bricks, version ${word.version ?? 'unknown'}, checksum ${word.checksum ?? 'unknown'}`,
  );
  return [
    makeFinding(
      'volume-diverged',
      volume.name,
      `the servers do not agree about ${volume.name}: ${listed(versions, 8)}`,
    ),
  ];
}

function findFull(state: State, volume: ClusterVolume, conclusions: readonly GrowthConclusion[]): Finding[] {
  const { name } = volume.volume;
  const policy = policyOf(state, name);
  const level = judgeLevel(volume, policy);
  if (level.kind === 'unknown') return [];
  const { fullest } = volume;
  if (fullest !== null && (fullest.freePercent ?? 0) < fullPercent) {
    return [makeFinding('volume-full', name, `${name} has ${describeFullest(fullest)}`)];
  }
  // One subvolume may stay below the level when the volume as a whole has grown enough: nobody has to do anything.
  const isSettled = conclusions.some(
    ({ decision }) => decision.volume === name && decision.kind === 'nothing-to-do',
  );
  if (level.kind === 'above' || isSettled) return [];
  return [makeFinding('volume-low-on-space', name, `${name} has ${level.words}`)];
}

function findObstacle({ decision, limits }: GrowthConclusion): Finding[] {
  if (decision.kind === 'no-room')
    return [makeFinding('no-room-to-grow', decision.volume, decision.sentence)];
  if (decision.kind === 'blocked' && limits.length > 0) {
    return [makeFinding('limit-reached', decision.volume, decision.sentence)];
  }
  return [];
}
