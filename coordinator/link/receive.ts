// Takes beats, reports and outcomes off the bus. Whatever does not fit its schema, or speaks for another server than
// its subject names, is counted, logged once per sender and dropped.
import type { ServerName } from '../../shared/model/names.ts';
import { decodeMessage, type Message, type MessageKind } from '../../shared/protocol/messages.ts';
import { everyServer, subjects } from '../../shared/protocol/subjects.ts';
import type { Bus, BusMessage } from '../../shared/runtime/bus.ts';

type Incoming = 'beat' | 'report' | 'outcome';

/**
 * Subscribes to what every server says and hands each good message to its handler; returns the end of it.
 * `drop` gets the subject of a bad one, which is as much of a sender as an open bus tells, and what was wrong with it.
 */
export function receiveFromServers(
  bus: Bus,
  drop: (sender: string, problem: string) => void,
  handlers: { [K in Incoming]: (body: Message<K>) => void },
): () => void {
  const ends = (['beat', 'report', 'outcome'] as const).map((kind) =>
    bus.subscribe(everyServer[kind], (message) => {
      const problem = take(kind, message, handlers[kind] as (body: Message<MessageKind>) => void);
      if (problem !== null) drop(message.subject, problem);
    }),
  );
  return () => {
    for (const end of ends) end();
  };
}

function take(
  kind: Incoming,
  message: BusMessage,
  handle: (body: Message<MessageKind>) => void,
): string | null {
  const decoded = decodeMessage(kind, message.data);
  if (!decoded.ok) return decoded.problem;
  const { server } = decoded.body as { server: ServerName };
  if (subjects[kind](server) !== message.subject)
    return `speaks for ${server}, which is not the server of its subject`;
  handle(decoded.body);
  return null;
}
