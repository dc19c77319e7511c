// SHA-256, the one hash that Mortar uses. Pure, although node:crypto does it.
import { createHash } from 'node:crypto';

/** The SHA-256 of `text` in UTF-8, as 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
