// Writes a report as the bytes of a message. A report that is too large for the bus would be lost whole, again and again,
// so its largest sections are given up until the rest fits, and say so.
import type { Report, SectionName } from '../../shared/model/report.ts';
import { encodeMessage, maxMessageBytes } from '../../shared/protocol/messages.ts';

/** `report` in at most `maxBytes`. */
export function writeReport(report: Report, maxBytes = maxMessageBytes): Uint8Array {
  let bytes = encodeMessage('report', report);
  let sections = report.sections;
  const names = namesBySize(report);
  for (const name of names) {
    if (bytes.byteLength <= maxBytes) break;
    const section = sections[name];
    const failed = {
      kind: 'failed' as const,
      failedAt: report.sentAt,
      code: 'too-large',
      message: `the report has ${bytes.byteLength} bytes, more than the ${maxBytes} that the bus takes`,
      lastSeenAt: section.kind === 'seen' ? section.seenAt : section.lastSeenAt,
    };
    sections = { ...sections, [name]: failed };
    bytes = encodeMessage('report', { ...report, sections });
  }
  return bytes;
}

/** The sections' names, the largest first. */
function namesBySize({ sections }: Report): SectionName[] {
  const sizes = Object.entries(sections).map(
    ([name, section]) => [name as SectionName, JSON.stringify(section).length] as const,
  );
  return sizes.sort((a, b) => b[1] - a[1]).map(([name]) => name);
}
