// A report always fits the bus, and what was left out says so.
import { expect, test } from 'vitest';
import { writeReport } from '../../../agent/link/report-writer.ts';
import type { Zone } from '../../../shared/model/names.ts';
import type { NameResolution } from '../../../shared/model/network.ts';
import { decodeMessage, maxMessageBytes } from '../../../shared/protocol/messages.ts';
import { sampleReport } from '../../support/sample-report.ts';
import { sampleGluster, sampleSections, sampleVolume } from '../../support/sample-sections.ts';

function decoded(bytes: Uint8Array) {
  const result = decodeMessage('report', bytes);
  if (!result.ok) throw new Error(result.problem);
  return result.body;
}

test('a report is written as it is', () => {
  const report = sampleReport('gluster1', {
    zone: 'dc1/rack2' as Zone,
    sections: sampleSections({ gluster: sampleGluster() }),
  });
  expect(decoded(writeReport(report))).toEqual(report);
});

test('of a report that is too large the largest section is given up, and the rest arrives', () => {
  const volumes = Array.from({ length: 1000 }, () => sampleVolume({ options: { note: 'x'.repeat(2_000) } }));
  const names: NameResolution[] = [
    { name: 'gluster1', addresses: ['10.77.0.1'], error: null, isLocal: true, isLoopback: false },
  ];
  const sections = sampleSections({ gluster: sampleGluster({ volumes }) });
  const bytes = writeReport(
    sampleReport('gluster1', {
      sentAt: 5,
      sections: { ...sections, names: { kind: 'seen', seenAt: 1, value: names } },
    }),
  );
  expect(bytes.byteLength).toBeLessThanOrEqual(maxMessageBytes);
  expect(decoded(bytes).sections).toMatchObject({
    gluster: { kind: 'failed', failedAt: 5, code: 'too-large', lastSeenAt: 1 },
    names: { kind: 'seen', value: names },
  });
});
