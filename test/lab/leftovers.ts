// What killed runs left. A lab is a leftover when the process that owns it is gone; one whose owner lives is never touched.

import { clearLab } from './clear-lab.ts';
import { listLabs, readRecord } from './lab-record.ts';
import { isAlive } from './process-identity.ts';

/** Clears all leftovers and gives their names. The caller holds the labs' lock: a lab that is just starting has no record yet. */
export function clearLeftovers(): string[] {
  const leftovers = listLabs().filter(isLeftover);
  leftovers.forEach(clearLab);
  return leftovers;
}

/** A lab without a record was killed before it made anything but its directory. */
function isLeftover(name: string): boolean {
  const record = readRecord(name);
  return record === null || !isAlive(record.owner);
}
