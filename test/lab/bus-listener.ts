// Hears what agents say on the bus, as the coordinator does: the newest report of each server, and all beats. What does not
// fit the protocol is kept as a problem, so that a test can say that there was none.
import type { Beat, Report } from '../../shared/model/report.ts';
import { decodeMessage } from '../../shared/protocol/messages.ts';
import { everyServer } from '../../shared/protocol/subjects.ts';
import type { Bus } from '../../shared/runtime/bus.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { connectNatsBus } from '../../shared/runtime/nats-bus.ts';
import { waitFor } from './wait.ts';

export interface BusListener {
  bus: Bus;
  problems: string[];
  reports: Map<string, Report>;
  beats: { server: string; at: number; beat: Beat }[];
  /** Waits for a report of `server` with which `isWanted`, and gives it. */
  report(server: string, what: string, isWanted: (report: Report) => boolean): Promise<Report>;
  /** The next `count` beats of `server`. */
  nextBeats(server: string, count: number): Promise<Beat[]>;
  close(): Promise<void>;
}

/** Longer than two periodic reports: what is not said by then is not said. */
const limitMs = 70_000;

/** Listens to the bus at `url` from now on. */
export async function listenToBus(url: string): Promise<BusListener> {
  const log = createLogger({ name: 'listener', level: 'error' });
  const bus = await connectNatsBus({ servers: [url], name: 'listener', log });
  const problems: string[] = [];
  const reports = new Map<string, Report>();
  const beats: BusListener['beats'] = [];
  bus.subscribe(everyServer.report, ({ subject, data }) => {
    const decoded = decodeMessage('report', data);
    if (decoded.ok) reports.set(decoded.body.server, decoded.body);
    else problems.push(`${subject}: ${decoded.problem}`);
  });
  bus.subscribe(everyServer.beat, ({ subject, data }) => {
    const decoded = decodeMessage('beat', data);
    if (decoded.ok) beats.push({ server: decoded.body.server, at: systemClock.now(), beat: decoded.body });
    else problems.push(`${subject}: ${decoded.problem}`);
  });
  return {
    bus,
    problems,
    reports,
    beats,
    report: (server, what, isWanted) =>
      waitFor(`a report of ${server} with ${what}`, limitMs, () => {
        const report = reports.get(server);
        return report && isWanted(report) ? report : null;
      }),
    async nextBeats(server, count) {
      const from = beats.length;
      const newer = () => beats.slice(from).filter((each) => each.server === server);
      await waitFor(`${count} beats of ${server}`, limitMs, () => newer().length >= count);
      return newer()
        .slice(0, count)
        .map((each) => each.beat);
    },
    close: () => bus.close(),
  };
}
