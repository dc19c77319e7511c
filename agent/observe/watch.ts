// What has probably changed since the last second, so that the dear looks are made only then. Cheap signs: the text of the
// mount table, the times of glusterd's store, the processes in the beat. What leaves no sign is seen with the next full look.
import { errorCodeOf } from '../../shared/lib/errors.ts';
import type { Brick } from '../../shared/model/brick.ts';
import type { Beat, SectionName, Sections } from '../../shared/model/report.ts';
import { seen } from '../../shared/model/section.ts';
import type { Volume } from '../../shared/model/volume.ts';
import type { AgentConfig } from '../../shared/protocol/agent-config.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { OneAtATime } from '../../shared/runtime/one-at-a-time.ts';
import type { Files } from './files.ts';
import { chooseMounts } from './filesystems.ts';
import { createStoreReader } from './gluster-store.ts';
import { holdersOf } from './holders.ts';
import type { Mounts } from './mounts.ts';
import { sectionNames } from './observation.ts';

export interface WatchEdges {
  config: AgentConfig;
  files: Files;
  mounts: Mounts;
  oneAtATime: OneAtATime;
  clock: Clock;
  sections: () => Sections;
  /** When the last look at a section began, or null before the first. */
  lookedAt: (name: SectionName) => number | null;
}

/** A task's progress is only in glusterd's memory. */
const runningTaskPeriodMs = 2_000;
/** To find that nobody listens on a socket costs nothing. */
const absentPeriodMs = 1_000;
/** What has failed is wanted back soon, but a failing look may cost as much as another. */
const failedPeriodMs = 10_000;
/** The store is on the root disk; when that hangs for a second, there is nothing to be learnt this second. */
const storeLimitMs = 1_000;

/** Names the sections that must be looked at, given the newest beat. The first call only learns how things are. */
export function createWatch(edges: WatchEdges): (beat: Beat) => Promise<Set<SectionName>> {
  const readStore = createStoreReader(edges.files);
  const signs: Sign[] = [
    { read: async () => mountsOfInterest(edges), tells: ['filesystems', 'slots', 'bricks'] },
    {
      read: () => edges.oneAtATime.run("glusterd's store", storeLimitMs, readStore),
      tells: ['gluster', 'bricks', 'slots', 'ports'],
    },
  ];
  const last = new Map<Sign, unknown>();
  const brickStates = new Map<string, boolean>();

  return async (beat) => {
    const names = new Set<SectionName>();
    for (const sign of signs) {
      // A sign that cannot be read is one more state: to get into it or out of it is a change.
      const now = await sign.read().catch(errorCodeOf);
      if (last.has(sign) && last.get(sign) !== now) for (const name of sign.tells) names.add(name);
      last.set(sign, now);
    }
    if (takeFlips(brickStates, beat.bricks, seen(edges.sections().bricks) ?? []))
      for (const name of sectionsOfBrick) names.add(name);
    for (const name of sectionNames) if (isDue(name, edges)) names.add(name);
    return names;
  };
}

/** Without the mounts that come and go with every service that systemd starts. Null when the mounts cannot be read. */
function mountsOfInterest({ config, mounts, sections }: WatchEdges): string | null {
  const table = mounts.newest();
  if (table === null) return null;
  const holders = holdersOf(table, config.slots, seen(sections().bricks));
  return JSON.stringify(chooseMounts(table, holders));
}

interface Sign {
  read(): Promise<unknown>;
  tells: readonly SectionName[];
}

const sectionsOfBrick = ['gluster', 'bricks', 'ports'] as const;

/** Whether a brick went down or came up since the beat before, or since root looked; remembers the new states. */
function takeFlips(states: Map<string, boolean>, bricks: Beat['bricks'], looked: readonly Brick[]): boolean {
  let hasFlipped = false;
  for (const { path, isUp } of bricks) {
    const before = states.get(path) ?? looked.find((brick) => brick.path === path)?.isUp;
    if (typeof before === 'boolean' && before !== isUp) hasFlipped = true;
    states.set(path, isUp);
  }
  // Most of it are bricks that were removed then; one that only could not be seen this second is in the next beat.
  if (states.size > 2 * bricks.length + 100) states.clear();
  return hasFlipped;
}

/** Whether `name` is to be looked at again sooner than everything is. */
function isDue(name: SectionName, { sections, lookedAt, clock }: WatchEdges): boolean {
  const periodMs = shortPeriodOf(name, sections());
  const at = lookedAt(name);
  return periodMs !== null && at !== null && clock.now() - at >= periodMs;
}

function shortPeriodOf(name: SectionName, sections: Sections): number | null {
  const section = sections[name];
  if (section.kind === 'failed') {
    return section.code === 'privileged-unavailable' ? absentPeriodMs : failedPeriodMs;
  }
  return name === 'gluster' && isTaskRunning(sections) ? runningTaskPeriodMs : null;
}

function isTaskRunning(sections: Sections): boolean {
  return (seen(sections.gluster)?.volumes ?? []).some(hasRunningTask);
}

function hasRunningTask({ rebalance }: Volume): boolean {
  return rebalance.status === 'started' || rebalance.status === 'fix-layout-started';
}
