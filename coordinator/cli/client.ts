// The API from outside. Whatever goes wrong becomes one sentence for the person at the terminal: not there, not a
// coordinator, or the coordinator's own words.
import { type ErrorCode, errorCodes, MortarError } from '../../shared/lib/errors.ts';
import type { Page, ProblemAnswer } from './answers.ts';

/** A request takes milliseconds; after this long the coordinator hangs. */
const timeoutMs = 30_000;
/** The API's greatest page, and so many of them that a list ends however the other side answers: 100,000 items. */
const pageLimit = 500;
const maxPages = 200;

export type Query = Record<string, string | number | undefined>;

export interface Client {
  get<T>(path: string, query?: Query): Promise<T>;
  /** All pages of a list. */
  list<T>(path: string, query?: Query): Promise<T[]>;
  send<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T>;
}

/** A client of the coordinator at `url`. Throws MortarError('bad-input') when that is no http address. */
export function createClient(url: string): Client {
  if (!/^https?:$/.test(protocolOf(url))) {
    throw new MortarError(
      'bad-input',
      `"${url}" is no address of a coordinator; write it as http://127.0.0.1:7480`,
    );
  }
  const base = url.replace(/\/+$/, '');

  async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await call(base, path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw refusalOf(base, response);
    return response.value as T;
  }

  return {
    get: (path, query = {}) => request('GET', withQuery(path, query)),
    async list<T>(path: string, query: Query = {}) {
      const items: T[] = [];
      let cursor: string | undefined;
      for (let count = 0; count < maxPages; count += 1) {
        const page = await request<Page<T>>('GET', withQuery(path, { ...query, limit: pageLimit, cursor }));
        items.push(...page.items);
        if (page.next === null) break;
        cursor = page.next;
      }
      return items;
    },
    send: (method, path, body) => request(method, path, body),
  };
}

interface Answered {
  ok: boolean;
  status: number;
  value: unknown;
}

async function call(base: string, path: string, options: RequestInit): Promise<Answered> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(base + path, options);
    text = await response.text();
  } catch (error) {
    throw new MortarError('command-failed', unreachable(base, error), { cause: error });
  }
  try {
    return { ok: response.ok, status: response.status, value: JSON.parse(text) };
  } catch (error) {
    throw new MortarError('bad-output', notACoordinator(base, response.status), { cause: error });
  }
}

function refusalOf(base: string, { status, value }: Answered): MortarError {
  const { code, detail, reasons = [] } = (value ?? {}) as Partial<ProblemAnswer>;
  if (typeof detail !== 'string' || !isErrorCode(code)) {
    return new MortarError('bad-output', notACoordinator(base, status));
  }
  return new MortarError(code, reasons.length > 0 ? reasons.join('\n') : detail);
}

function unreachable(base: string, error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `the coordinator at ${base} did not answer within ${timeoutMs / 1000} s; see: systemctl status mortar-coordinator`;
  }
  return `the coordinator at ${base} cannot be reached; see: systemctl status mortar-coordinator`;
}

function notACoordinator(base: string, status: number): string {
  return `${base} answered (status ${status}), but not as a coordinator does; is --url or MORTAR_URL right?`;
}

function isErrorCode(code: unknown): code is ErrorCode {
  return errorCodes.some((known) => known === code);
}

function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
