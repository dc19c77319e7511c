// The table of observers: one for each section of a report, and the compiler names the one that is missing.

import type { Sections } from '../../shared/model/report.ts';
import { seen } from '../../shared/model/section.ts';
import type { AgentConfig } from '../../shared/protocol/agent-config.ts';
import type { OneAtATime } from '../../shared/runtime/one-at-a-time.ts';
import type { Files } from './files.ts';
import { observeFilesystems } from './filesystems.ts';
import { holdersOf } from './holders.ts';
import type { Mounts } from './mounts.ts';
import { namesOfPool, observeNames, type Resolver } from './names.ts';
import { type Look, observeAsRoot } from './observe-as-root.ts';
import type { Observers } from './observer.ts';
import { observeSlots } from './slots.ts';

export interface ObserverEdges {
  config: AgentConfig;
  files: Files;
  mounts: Mounts;
  oneAtATime: OneAtATime;
  resolver: Resolver;
  look: Look;
  /** What is known so far: what to look at next depends on it. */
  sections: () => Sections;
}

/** All observers. Creating them looks at nothing. */
export function createObservers(edges: ObserverEdges): Observers {
  const { config, files, mounts, oneAtATime, resolver, look, sections } = edges;
  return {
    filesystems: observeFilesystems(files, mounts, oneAtATime, (table) =>
      holdersOf(table, config.slots, seen(sections().bricks)),
    ),
    slots: observeSlots(config.slots, files, mounts, oneAtATime),
    gluster: observeAsRoot('gluster', look),
    bricks: observeAsRoot('bricks', look),
    ports: observeAsRoot('ports', look),
    names: observeNames(() => namesOfPool(config.name, seen(sections().gluster)), resolver, oneAtATime),
  };
}
