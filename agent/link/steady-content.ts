// What of a section counts as a change. PURE. The numbers that move all the time are left out, because the beat carries them
// and a report on each of them would be a report each second.
import { hash } from 'node:crypto';
import type { SectionName, SectionValue } from '../../shared/model/report.ts';
import type { Section } from '../../shared/model/section.ts';

const steadyParts: { [K in SectionName]: (value: SectionValue<K>) => unknown } = {
  filesystems: (value) => value.map(({ freeBytes, inodesFree, inodes, ...steady }) => steady),
  slots: (value) => value,
  gluster: (value) => value,
  // Files that wait to be healed come and go with every write; that some wait at all is worth a report.
  bricks: (value) =>
    value.map(({ pendingHeals, ...steady }) => ({
      ...steady,
      hasPendingHeals: pendingHeals === null ? null : pendingHeals > 0,
    })),
  ports: (value) => value,
  names: (value) => value,
};

/** Two sections of the same name with the same steady content are no change. When they were seen makes no difference. */
export function steadyContent<K extends SectionName>(name: K, section: Section<SectionValue<K>>): string {
  const content =
    section.kind === 'seen'
      ? { kind: section.kind, value: steadyParts[name](section.value) }
      : { kind: section.kind, code: section.code, message: section.message };
  return hash('sha1', JSON.stringify(content));
}
