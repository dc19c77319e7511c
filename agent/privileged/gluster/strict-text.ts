// Strict readers for the words and numbers in Gluster's output. Each gives the value or a MortarError `bad-output` that
// says what was wrong and where: a number that cannot be read is never 0, and never NaN.
import { MortarError } from '../../../shared/lib/errors.ts';

/** A pool of 1,000 volumes with 100 bricks each is about 6 MB of get-state; more than this is not Gluster talking. */
export const maxOutputCharacters = 8 * 1024 * 1024;

/** Gluster writes it where an id is unset, for example the task of a volume that was never rebalanced. */
export const nullUuid = '00000000-0000-0000-0000-000000000000';

/** An error for output that cannot be believed; `what` says what is wrong and where, and `cause` is what another parser said. */
export function badOutput(what: string, cause?: unknown): MortarError {
  return new MortarError('bad-output', `Gluster's output cannot be read: ${what}`, { cause });
}

/** Throws `output-too-large` when `text` has more characters than any real pool prints; `what` names the output. */
export function requireSize(text: string, what: string): void {
  if (text.length > maxOutputCharacters) {
    throw new MortarError(
      'output-too-large',
      `${what} has ${text.length} characters, limit ${maxOutputCharacters}`,
    );
  }
}

/** A non-negative decimal integer exactly as Gluster prints it: no sign, no leading zero, no spaces, no unit. */
export function parseCount(text: string, where: string): number {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw badOutput(`${where} is ${quote(text)}, not a number`);
  return value;
}

/** A lower-case UUID, as Gluster prints all of them. */
export function parseUuid(text: string, where: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  throw badOutput(`${where} is ${quote(text)}, not a UUID`);
}

/** A host name or address: no spaces, no slash. Whether it resolves is not asked here. */
export function parseHost(text: string, where: string): string {
  if (/^[^\s/\p{C}\ufffd]{1,255}$/u.test(text)) return text;
  throw badOutput(`${where} is ${quote(text)}, not a host name`);
}

/** `host:/path` in its parts. The first ":/" divides them, so that an IPv6 address keeps its colons. */
export function parseBrickName(text: string, where: string): { host: string; path: string } {
  const divide = text.indexOf(':/');
  if (divide < 1) throw badOutput(`${where} is ${quote(text)}, not host:/path`);
  return { host: parseHost(text.slice(0, divide), where), path: parsePath(text.slice(divide + 1), where) };
}

/** An absolute path without control characters. */
function parsePath(text: string, where: string): string {
  if (/^\/[^\p{Cc}\ufffd]*$/u.test(text)) return text;
  throw badOutput(`${where} is ${quote(text)}, not an absolute path`);
}

/** A volume's or option's name, or any other word that must not be empty. */
export function parseWord(text: string, where: string): string {
  if (/^[^\s\p{C}\ufffd]+$/u.test(text)) return text;
  throw badOutput(`${where} is ${quote(text)}, not a name`);
}

/** What `words` says for `text`; a word that is not among them is an error. */
export function pickWord<T>(text: string, words: Readonly<Record<string, T>>, where: string): T {
  if (Object.hasOwn(words, text)) return words[text] as T;
  throw badOutput(`${where} is ${quote(text)}, expected one of ${Object.keys(words).join(', ')}`);
}

/** `text` in quotes for a message, cut at 80 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
