// The coordinator's question "how is everybody?", asked when it starts with nothing in memory. All agents hear it at once, so
// each answers a little later, at a moment of its own.
import { decodeMessage } from '../../shared/protocol/messages.ts';
import { subjects } from '../../shared/protocol/subjects.ts';
import type { Bus } from '../../shared/runtime/bus.ts';
import type { DroppedMessages } from '../../shared/runtime/dropped-messages.ts';

/** A thousand reports spread over this are what the coordinator takes in its stride. */
const spreadMs = 500;

/** Calls `reportWithin` for each question until the returned function is called. */
export function answerAsks(
  bus: Bus,
  dropped: DroppedMessages,
  reportWithin: (spreadMs: number) => void,
): () => void {
  return bus.subscribe(subjects.ask(), ({ subject, data }) => {
    const decoded = decodeMessage('ask', data);
    if (decoded.ok) reportWithin(spreadMs);
    else dropped.drop(subject, decoded.problem);
  });
}
