// What a server's network looks like from inside: who listens where, and what each pool name resolves to here.
import { type Static, Type } from 'typebox';
import { Nullable } from './schema.ts';

export const ListeningPort = Type.Object({
  protocol: Type.Union([Type.Literal('tcp'), Type.Literal('tcp6')]),
  address: Type.String({ maxLength: 64 }),
  port: Type.Integer({ minimum: 1, maximum: 65535 }),
  /** The process that holds the socket; null when it could not be told. */
  pid: Nullable(Type.Integer({ minimum: 1 })),
  process: Nullable(Type.String({ maxLength: 64 })),
});
export type ListeningPort = Static<typeof ListeningPort>;

export const NameResolution = Type.Object({
  name: Type.String({ maxLength: 253 }),
  /** What getaddrinfo answers, sorted; empty when it answered that there is no such name. */
  addresses: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 64 }),
  /** Why nothing was answered; null when something was. */
  error: Nullable(Type.String({ maxLength: 256 })),
  /** Whether one of the addresses is on an interface of this server (or 127.*, which glusterd takes for local too). */
  isLocal: Type.Boolean(),
  isLoopback: Type.Boolean(),
});
export type NameResolution = Static<typeof NameResolution>;
