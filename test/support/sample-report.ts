// A report and a beat with nothing much in them, for tests of what carries them and not of what they say.
import type { ServerName } from '../../shared/model/names.ts';
import type { Beat, Report } from '../../shared/model/report.ts';
import type { FailedSection } from '../../shared/model/section.ts';

/** A report of `server` in which every section has failed; `over` replaces what the test is about. */
export function sampleReport(server: string, over: Partial<Report> = {}): Report {
  const failed: FailedSection = {
    kind: 'failed',
    failedAt: 1,
    code: 'internal',
    message: 'a sample',
    lastSeenAt: null,
  };
  return {
    server: server as ServerName,
    run: 'run-one-1',
    sequence: 0,
    sentAt: 0,
    agentVersion: '0.1.0',
    epoch: 0,
    sections: {
      filesystems: failed,
      slots: failed,
      gluster: failed,
      bricks: failed,
      ports: failed,
      names: failed,
    },
    ...over,
  };
}

/** A beat of `server` that says nothing. */
export function sampleBeat(server: string, over: Partial<Beat> = {}): Beat {
  return {
    server: server as ServerName,
    run: 'run-one-1',
    sequence: 0,
    sentAt: 0,
    filesystems: [],
    bricks: [],
    ...over,
  };
}
