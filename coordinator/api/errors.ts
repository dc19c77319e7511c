// Errors as application/problem+json (RFC 9457). The table has a status for every ErrorCode, and the compiler says when
// one is missing. What is wrong inside of Mortar goes to the log and not to the caller.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { describeError, type ErrorCode, errorCodes, MortarError } from '../../shared/lib/errors.ts';
import { OneOf } from '../../shared/model/schema.ts';
import type { Log } from '../../shared/runtime/log.ts';
import type { Answer } from '../loop/coordination.ts';
import { invalidPlaces } from './validation-errors.ts';

export const problemTable = {
  'bad-config': { status: 500, title: 'The configuration is wrong' },
  'bad-input': { status: 400, title: 'The request is not acceptable' },
  'bad-message': { status: 502, title: 'A message was not understood' },
  'bad-output': { status: 502, title: 'A program answered something unexpected' },
  'bus-unavailable': { status: 503, title: 'The bus is not there' },
  'command-failed': { status: 502, title: 'A command failed' },
  'command-timed-out': { status: 504, title: 'A command took too long' },
  conflict: { status: 409, title: 'That is not possible as things are' },
  'gluster-busy': { status: 503, title: 'Gluster is busy' },
  'gluster-refused': { status: 502, title: 'Gluster refused' },
  internal: { status: 500, title: 'Mortar made a mistake' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'order-refused': { status: 502, title: 'A server refused the order' },
  'output-too-large': { status: 502, title: 'A program answered too much' },
  'privileged-unavailable': { status: 503, title: 'The privileged process is not there' },
  'store-unavailable': { status: 503, title: 'The store is not available' },
  'too-large': { status: 413, title: 'The request is too large' },
  unsupported: { status: 415, title: 'The kind of content is not supported' },
} as const satisfies Record<ErrorCode, { status: number; title: string }>;

export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  /** Stable: what a program looks at. */
  code: OneOf(errorCodes),
  /** The path that was asked for. */
  instance: Type.Optional(Type.String()),
  /** What is wrong with the request, each with a JSON pointer to the place. */
  errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
  /** Why it is not possible, one sentence each. */
  reasons: Type.Optional(Type.Array(Type.String())),
});
export type Problem = Static<typeof Problem>;

type Extensions = Pick<Problem, 'errors' | 'reasons'>;

/** Sends the problem that `error` is; what is Mortar's or the machine's fault is logged with its whole chain. */
export function sendError(log: Log, error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { code, detail, ...extensions } = describe(error);
  const { status } = problemTable[code];
  if (status >= 500) {
    const { method, url } = request;
    log.error({ method, url, code, error: describeError(error), stack: error.stack }, 'a request failed');
  }
  sendProblem(request, reply, code, detail, extensions);
}

/** Sends a problem with the status of its code. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ErrorCode,
  detail: string,
  extensions: Extensions = {},
): void {
  const { status, title } = problemTable[code];
  const instance = request.url.split('?', 1)[0] ?? '';
  const problem: Problem = {
    type: `urn:mortar:error:${code}`,
    title,
    status,
    detail,
    code,
    instance,
    ...extensions,
  };
  void reply.code(status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Answers what is no HTTP request at all, on its bare socket, and closes that. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy(error);
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'too-large' : 'bad-input';
  const { status, title } = problemTable[code];
  const problem: Problem = {
    type: `urn:mortar:error:${code}`,
    title,
    status,
    detail: 'this is no HTTP request that can be read',
    code,
  };
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** A core's refusal as an error for `sendError`. */
export class RefusedError extends MortarError {
  readonly reasons: readonly string[];

  constructor(answer: Extract<Answer, { kind: 'refused' }>) {
    super(answer.code, answer.reasons.join(' '));
    this.reasons = answer.reasons;
  }
}

function describe(error: FastifyError): { code: ErrorCode; detail: string } & Extensions {
  if (error instanceof RefusedError) {
    return { code: error.code, detail: error.message, reasons: [...error.reasons] };
  }
  if (error instanceof MortarError) return { code: error.code, detail: error.message };
  if (error.validation !== undefined) return describeValidation(error);
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return { code: 'too-large', detail: 'the body is larger than 64 KiB' };
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return { code: 'unsupported', detail: 'a body must be JSON, with content-type application/json' };
  }
  const isCallersFault = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  if (isCallersFault) return { code: 'bad-input', detail: error.message };
  return {
    code: 'internal',
    detail: 'the log of the coordinator says more: journalctl -u mortar-coordinator',
  };
}

function describeValidation(error: FastifyError): { code: ErrorCode; detail: string } & Extensions {
  const errors = invalidPlaces(error.validation ?? []);
  const where = partNames[error.validationContext ?? 'body'] ?? 'request';
  const detail = errors.map(({ pointer, detail }) => `${where}${pointer} ${detail}`).join('; ');
  return { code: 'bad-input', detail, errors };
}

const partNames: Record<string, string> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};
