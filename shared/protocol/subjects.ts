// The bus's subjects. A server name is one token, so its dots become underscores, which no host name has.
import type { ServerName } from '../model/names.ts';

const token = (server: ServerName): string => server.replaceAll('.', '_');

export const subjects = {
  beat: (server: ServerName) => `mortar.v1.beat.${token(server)}`,
  report: (server: ServerName) => `mortar.v1.report.${token(server)}`,
  outcome: (server: ServerName) => `mortar.v1.outcome.${token(server)}`,
  order: (server: ServerName) => `mortar.v1.order.${token(server)}`,
  /** The coordinator asks every agent for a report now, when it starts with nothing in memory. */
  ask: () => 'mortar.v1.ask',
} as const;

/** What the coordinator listens to: every server's beats, reports and outcomes. */
export const everyServer = {
  beat: 'mortar.v1.beat.*',
  report: 'mortar.v1.report.*',
  outcome: 'mortar.v1.outcome.*',
} as const;
