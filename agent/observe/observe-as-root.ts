// The observers of what only root may see. The look itself is the privileged process's; here is only how long to wait,
// which is a little longer than the client does, so that its sentence is the one that is reported.
import type { LookName, LookValue } from '../../shared/protocol/privileged.ts';

const limitMs = 35_000;

/** Asks root for one thing. */
export type Look = <K extends LookName>(name: K) => Promise<LookValue<K>>;

/** The observer of one section of which root sees all. */
export function observeAsRoot<K extends 'gluster' | 'bricks' | 'ports'>(
  name: K,
  look: Look,
): { limitMs: number; look(): Promise<LookValue<K>> } {
  return { limitMs, look: () => look(name) };
}
