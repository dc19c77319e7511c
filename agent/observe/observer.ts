// What an observer is: one kind of thing that is looked at, without changing anything and without a cluster-wide lock.
import type { SectionName, SectionValue } from '../../shared/model/report.ts';

export interface Observer<K extends SectionName> {
  /** How long a look may take before its section counts as failed. It goes on in the background, and no second one begins. */
  limitMs: number;
  /** What is there now. Throws when it could not be seen; that is data, and goes into the section. */
  look(): Promise<SectionValue<K>>;
}

export type Observers = { [K in SectionName]: Observer<K> };
