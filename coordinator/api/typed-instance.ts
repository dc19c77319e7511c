// Fastify with TypeBox: what a route's handler gets and answers is typed by the route's own schemas, and checked by the
// same validator as the bus's messages.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { type TProperties, Type } from 'typebox';

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** A schema that refuses what it does not know: a filter or a limit that was misspelt would be none. */
export function Strict<T extends TProperties>(properties: T) {
  return Type.Object(properties, { additionalProperties: false });
}

/** Whom the journal names for a request. There are no accounts yet, so it is only where the request came from. */
export function askerOf(request: FastifyRequest): string {
  return `the API from ${request.ip}`;
}
