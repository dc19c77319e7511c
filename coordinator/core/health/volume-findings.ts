// Findings about volumes: servers that hold different configurations, space that runs out, growth that cannot happen.
import type { Finding } from '../../../shared/model/finding.ts';
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
      ...findFull(state, volume),
    ]),
    ...conclusions.flatMap(findObstacle),
  ];
}

function findDivergence(state: State, cluster: Cluster, { volume, isConsistent }: ClusterVolume): Finding[] {
  const words = freshWords(cluster.servers, volume);
  // While a plan of ours changes the volume, some servers report the change before the others; the plan watches that.
  const isChanging = plansFor(state, volume).some((record) => record.status === 'running');
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

function findFull(state: State, volume: ClusterVolume): Finding[] {
  const { name } = volume.volume;
  const policy = policyOf(state, name);
  const level = judgeLevel(volume, policy);
  if (level.kind === 'unknown') return [];
  const sentence = `${name} has ${describeFullest(level.fullest)}`;
  if ((level.fullest.freePercent ?? 0) < fullPercent) return [makeFinding('volume-full', name, sentence)];
  if (level.kind === 'above') return [];
  return [
    makeFinding('volume-above-level', name, `${sentence}, below the level of ${policy.level.freePercent} %`),
  ];
}

function findObstacle({ decision, limits }: GrowthConclusion): Finding[] {
  if (decision.kind === 'no-room')
    return [makeFinding('no-room-to-grow', decision.volume, decision.sentence)];
  if (decision.kind === 'blocked' && limits.length > 0) {
    return [makeFinding('limit-reached', decision.volume, decision.sentence)];
  }
  return [];
}
