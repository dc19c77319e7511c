// One finding, with the severity and the remedy that its code has in the catalogue.

import { compareText } from '../../../shared/lib/compare-text.ts';
import {
  type Finding,
  type FindingCode,
  findingCatalogue,
  severities,
} from '../../../shared/model/finding.ts';

/** A finding about `subject` (one word for searching) in one sentence. */
export function makeFinding(code: FindingCode, subject: string, sentence: string): Finding {
  const { severity, remedy } = findingCatalogue[code];
  return { code, severity, subject, sentence, remedy };
}

/** The gravest first, then by code, subject and sentence. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
      compareText(a.code, b.code) ||
      compareText(a.subject, b.subject) ||
      compareText(a.sentence, b.sentence),
  );
}
