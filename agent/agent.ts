// The agent, wired on one page. Each second: a beat, and a look at what has probably changed since. Every 30 s and at each
// change: a report. It starts, beats and goes on whatever is away: the bus, the privileged process, glusterd.
import { AssertionError } from '../shared/lib/assert.ts';
import { version } from '../shared/lib/version.ts';
import type { Report, SectionName, SectionValue } from '../shared/model/report.ts';
import type { Section } from '../shared/model/section.ts';
import type { AgentConfig } from '../shared/protocol/agent-config.ts';
import { encodeMessage } from '../shared/protocol/messages.ts';
import { subjects } from '../shared/protocol/subjects.ts';
import type { Bus } from '../shared/runtime/bus.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { createDroppedMessages } from '../shared/runtime/dropped-messages.ts';
import type { Log } from '../shared/runtime/log.ts';
import { createOneAtATime } from '../shared/runtime/one-at-a-time.ts';
import { createPeriodic } from '../shared/runtime/periodic.ts';
import { answerAsks } from './link/ask.ts';
import { createBeats } from './link/beat.ts';
import { takeOrders } from './link/orders.ts';
import { createOrigins } from './link/origin.ts';
import { writeReport } from './link/report-writer.ts';
import { createReporter } from './link/reporter.ts';
import { steadyContent } from './link/steady-content.ts';
import type { Files } from './observe/files.ts';
import { createMounts } from './observe/mounts.ts';
import type { Resolver } from './observe/names.ts';
import { createObservation, type Observation, sectionNames } from './observe/observation.ts';
import { createObservers } from './observe/observers.ts';
import { createWatch } from './observe/watch.ts';
import type { PrivilegedClient } from './privileged-client.ts';

export interface AgentEdges {
  config: AgentConfig;
  clock: Clock;
  log: Log;
  bus: Bus;
  files: Files;
  resolver: Resolver;
  privileged: PrivilegedClient;
  /** 0 to 1. */
  random: () => number;
  /** A random name of this run of the agent. */
  run: string;
  /** Shows people one line about how the agent is. */
  tell: (status: string) => void;
}

export interface Agent {
  /** Begins to beat and to report; resolves when the first report was published, or after 10 s without a bus. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const beatPeriodMs = 1_000;
/** After the bus was away every agent has something to say at once. */
const reconnectSpreadMs = 500;
/** Whoever is ordered after the agent is not kept waiting for a bus that is away. */
const firstReportLimitMs = 10_000;
/** What an order may have changed. */
const sectionsOfOutcome: SectionName[] = ['gluster', 'slots', 'bricks', 'filesystems', 'ports'];
/** What depends on what another section says: the names of the peers, and where the bricks are. */
const lookNext: { [K in SectionName]?: SectionName[] } = { gluster: ['names'], bricks: ['filesystems'] };

/** The agent of one server. Creating it does no I/O. */
export function createAgent(edges: AgentEdges): Agent {
  const { config, clock, log, bus, files, resolver, privileged, random, run, tell } = edges;
  const origin = createOrigins(config.name, run, clock);
  const dropped = createDroppedMessages(log, () => clock.now());
  const oneAtATime = createOneAtATime(clock);
  const mounts = createMounts(files);
  const sections = () => observation.sections();
  let epoch: number | null = null;

  const observers = createObservers({
    config,
    files,
    mounts,
    oneAtATime,
    resolver,
    look: privileged.look,
    sections,
  });
  const observation: Observation = createObservation(observers, clock, onSection);
  const reporter = createReporter({ clock, random, lookAtAll, publish, onError });
  const takeBeat = createBeats({ config, files, mounts, oneAtATime, sections, origin });
  const lookedAt = (name: SectionName) => observation.lookedAt(name);
  const takeSigns = createWatch({ config, files, mounts, oneAtATime, clock, sections, lookedAt });
  const everySecond = createPeriodic({ clock, periodMs: beatPeriodMs, task: beatAndWatch, onError });
  const unsubscribe: Array<() => void> = [];
  const firstReport = Promise.withResolvers<void>();

  function onSection<K extends SectionName>(name: K, now: Section<unknown>, before: Section<unknown>): void {
    const [newest, last] = [now, before] as Section<SectionValue<K>>[];
    if (steadyContent(name, newest!) === steadyContent(name, last!)) return;
    if (now.kind === 'failed') log.warn({ section: name, code: now.code }, now.message);
    else if (before.kind === 'failed') {
      log.info({ section: name }, `${name} can be seen`);
      if (epoch === null) void askEpoch().then(reporter.reportSoon);
    }
    reporter.reportSoon();
    tellStatus();
    void observation.look(lookNext[name] ?? []);
  }

  async function lookAtAll(): Promise<void> {
    await Promise.all([observation.look(sectionNames), askEpoch()]);
  }

  async function askEpoch(): Promise<void> {
    // Why the privileged process cannot be asked is in the sections that need it too.
    epoch = await privileged.look('epoch').catch(() => null);
  }

  function publish(): void {
    const report: Report = {
      ...origin(),
      agentVersion: version,
      zone: config.zone,
      epoch,
      sections: sections(),
    };
    bus.publish(subjects.report(config.name), writeReport(report));
    if (bus.isConnected()) firstReport.resolve();
  }

  async function beatAndWatch(): Promise<void> {
    const beat = await takeBeat();
    bus.publish(subjects.beat(config.name), encodeMessage('beat', beat));
    void observation.look([...(await takeSigns(beat))]);
  }

  async function lookAfterOutcome(): Promise<void> {
    await Promise.all([observation.look(sectionsOfOutcome), askEpoch()]);
    reporter.reportSoon();
  }

  function onBusStatus(isConnected: boolean): void {
    if (isConnected) reporter.reportWithin(reconnectSpreadMs);
    tellStatus();
  }

  function tellStatus(): void {
    const unseen = sectionNames.filter((name) => sections()[name].kind === 'failed');
    const heart = bus.isConnected() ? 'beating' : 'beating, but the bus is away';
    tell(unseen.length === 0 ? heart : `${heart}; cannot see ${unseen.join(', ')}`);
  }

  function onError(error: unknown): void {
    if (error instanceof AssertionError) throw error;
    log.error({ error }, 'a beat or a report was not made');
  }

  return {
    async start() {
      unsubscribe.push(
        takeOrders({
          server: config.name,
          bus,
          clock,
          dropped,
          obey: privileged.order,
          onOutcome: () => void lookAfterOutcome(),
        }),
        answerAsks(bus, dropped, reporter.reportWithin),
      );
      bus.onStatus(onBusStatus);
      everySecond.start();
      await reporter.start();
      const limit = clock.after(firstReportLimitMs, firstReport.resolve);
      await firstReport.promise;
      limit.cancel();
    },
    async stop() {
      reporter.stop();
      for (const stopListening of unsubscribe) stopListening();
      await everySecond.stop();
    },
  };
}
