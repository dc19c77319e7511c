// The coordinator's configuration, /etc/mortar/coordinator.toml. Every key has a default: an empty file is a coordinator
// with its own nats-server and an API on 127.0.0.1. A file that is not there is an error, not an empty one.
import { type Static, Type } from 'typebox';
import { AbsolutePath } from '../shared/model/names.ts';
import { OneOf } from '../shared/model/schema.ts';
import { type LogLevel, logLevels } from '../shared/runtime/logger.ts';

const Port = Type.Integer({ minimum: 1, maximum: 65535 });
const strict = { additionalProperties: false } as const;

export const CoordinatorConfig = Type.Object(
  {
    state_directory: Type.Unsafe<string>({ ...AbsolutePath, default: '/var/lib/mortar-coordinator' }),
    log_level: Type.Unsafe<LogLevel>({ ...OneOf(logLevels), default: 'info' }),
    nats: Type.Object(
      {
        /** A NATS that is already there; without it the coordinator runs a nats-server of its own. */
        url: Type.Optional(Type.String({ pattern: '^(nats|tls)://' })),
        /** Where its own nats-server listens: the address on which the agents reach it. */
        host: Type.String({ default: '0.0.0.0', maxLength: 253 }),
        port: Type.Unsafe<number>({ ...Port, default: 4222 }),
        /** The nats-server program; looked for on PATH when not given. */
        binary: Type.Optional(Type.String({ maxLength: 4096 })),
      },
      { ...strict, default: {} },
    ),
    http: Type.Object(
      {
        host: Type.String({ default: '127.0.0.1', maxLength: 253 }),
        port: Type.Unsafe<number>({ ...Port, default: 7480 }),
      },
      { ...strict, default: {} },
    ),
  },
  strict,
);
export type CoordinatorConfig = Static<typeof CoordinatorConfig>;
