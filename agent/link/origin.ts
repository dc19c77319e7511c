// Where a message comes from: this server, this run of the agent, and a number that grows with each message, so that one
// that was overtaken on its way is known for old.
import type { ServerName } from '../../shared/model/names.ts';
import type { Beat } from '../../shared/model/report.ts';
import type { Clock } from '../../shared/runtime/clock.ts';

export type Origin = Pick<Beat, 'server' | 'run' | 'sequence' | 'sentAt'>;

/** Makes the origin of the next message; `run` is a random name of this run. */
export function createOrigins(server: ServerName, run: string, clock: Clock): () => Origin {
  let sequence = 0;
  return () => ({ server, run, sequence: sequence++, sentAt: Math.round(clock.now()) });
}
