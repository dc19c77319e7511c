// Operating errors: things that go wrong outside of Mortar. Each has a code from one list, so that the API can
// answer with a status, the log can be searched, and a test can name what it expects.

export const errorCodes = [
  'bad-config',
  'bad-input',
  'bad-message',
  'bad-output',
  'bus-unavailable',
  'command-failed',
  'command-timed-out',
  'conflict',
  'gluster-busy',
  'gluster-refused',
  'internal',
  'not-found',
  'order-refused',
  'output-too-large',
  'privileged-unavailable',
  'store-unavailable',
  'too-large',
  'unsupported',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * An operating error. `message` says what went wrong where, and what to do where that is known; it carries only
 * its own context, the rest is in `cause`.
 */
export class MortarError extends Error {
  override name = 'MortarError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The whole chain of an error in one line: each message, then its cause's, joined by ": ". At most 8 links. */
export function describeError(error: unknown): string {
  const messages: string[] = [];
  let link: unknown = error;
  for (let depth = 0; depth < 8 && link !== undefined && link !== null; depth += 1) {
    messages.push(link instanceof Error ? link.message || link.name : String(link));
    link = link instanceof Error ? link.cause : undefined;
  }
  return messages.join(': ');
}

/** The code of an error, or `internal` for anything that is not a MortarError. */
export function errorCodeOf(error: unknown): ErrorCode {
  return error instanceof MortarError ? error.code : 'internal';
}

/** The code that the operating system or Node gave to an error (`ENOENT`); null for any other error. */
export function systemCodeOf(error: unknown): string | null {
  if (error instanceof MortarError || !(error instanceof Error)) return null;
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}
