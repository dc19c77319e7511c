// Asks the privileged process over its unix socket, one JSON object a line. It connects when something is asked and stays
// connected; no timer reconnects, because the agent asks again soon enough.
import { createConnection, type Socket } from 'node:net';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { type ErrorCode, errorCodes, MortarError } from '../shared/lib/errors.ts';
import type { Outcome } from '../shared/model/order.ts';
import type { SignedOrder } from '../shared/protocol/messages.ts';
import {
  type LookName,
  type LookValue,
  lookValues,
  type PrivilegedRequest,
  PrivilegedResponse,
} from '../shared/protocol/privileged.ts';
import type { Clock, Timer } from '../shared/runtime/clock.ts';

export interface PrivilegedClient {
  /**
   * What root sees of `name`. Throws MortarError: 'privileged-unavailable' when that process is away or too slow,
   * 'bad-output' when its answer does not fit the schema, else with the code that it answered.
   */
  look<K extends LookName>(name: K): Promise<LookValue<K>>;
  /** Passes an order on as it was signed, and waits for its outcome. Throws as `look` does; then nobody knows what came of it. */
  order(order: SignedOrder): Promise<Outcome>;
  close(): void;
}

/** glusterd answers nothing for 10 s while it starts a rebalance, so a look may take that long in good health. */
const lookLimitMs = 30_000;
/** An order takes 225 s at most (gluster is stopped after 150 s, and three looks at 25 s each), and may wait for another two before it. */
const orderLimitMs = 660_000;
/** More than there can be in good health: each observer has one look under way, and the agent passes on eight orders at once. */
const maxInFlight = 16;
/** In characters; above any section that a report could carry. */
const maxLineLength = 4 * 1024 * 1024;

type Answer = Exclude<PrivilegedResponse, { kind: 'error' }>;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: MortarError): void;
  timer: Timer;
}

/** A client of the process that listens at `socketPath`. Does no I/O before the first question. */
export function createPrivilegedClient(socketPath: string, clock: Clock): PrivilegedClient {
  const waiting = new Map<number, Waiting>();
  let connecting: Promise<Socket> | null = null;
  let connected: Socket | null = null;
  let nextId = 0;

  function connect(): Promise<Socket> {
    connecting ??= openSocket(socketPath).then((socket) => {
      connected = socket;
      let rest = '';
      socket.setEncoding('utf8');
      socket.on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) receive(line);
        // What never ends its line is no privileged process; whoever waits is told by the close.
        if (rest.length > maxLineLength) socket.destroy();
      });
      socket.on('error', () => socket.destroy());
      socket.on('close', () => forget(unavailable('the privileged process hung up')));
      return socket;
    });
    connecting.catch((cause: unknown) => forget(unavailable(`nobody answers at ${socketPath}`, cause)));
    return connecting;
  }

  function forget(reason: MortarError): void {
    connecting = null;
    connected = null;
    for (const each of waiting.values()) each.reject(reason);
  }

  function receive(line: string): void {
    const response = parseResponse(line);
    const asker = response && waiting.get(response.id);
    // Whoever asked may have stopped waiting; a line that is no response at all has no asker to be told.
    if (!asker) return;
    if (response.kind === 'error') asker.reject(new MortarError(codeOf(response.code), response.message));
    else asker.resolve(response);
  }

  async function ask(request: Question, limitMs: number): Promise<Answer> {
    if (waiting.size >= maxInFlight) throw unavailable(`${maxInFlight} questions wait for an answer already`);
    const id = nextId++;
    const answer = new Promise<Answer>((resolve, reject) => {
      const timer = clock.after(limitMs, () =>
        reject(unavailable(`the privileged process has not answered for ${limitMs / 1000} s`)),
      );
      waiting.set(id, { resolve, reject, timer });
    });
    connect().then(
      (socket) => socket.write(`${JSON.stringify({ id, ...request })}\n`),
      // Everybody who waits has been told.
      () => {},
    );
    try {
      return await answer;
    } finally {
      waiting.get(id)?.timer.cancel();
      waiting.delete(id);
    }
  }

  return {
    async look(name) {
      const answer = await ask({ kind: 'look', look: name }, lookLimitMs);
      return checkLook(name, answer);
    },
    async order(order) {
      const answer = await ask({ kind: 'order', order }, orderLimitMs);
      if (answer.kind === 'outcome') return answer.outcome;
      throw new MortarError('bad-output', `the privileged process answered an order with "${answer.kind}"`);
    },
    close: () => connected?.destroy(),
  };
}

type Question = PrivilegedRequest extends infer R
  ? R extends { id: number }
    ? Omit<R, 'id'>
    : never
  : never;

function openSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

const responseValidator: Validator = Compile(PrivilegedResponse as TSchema);
const lookValidators = new Map<LookName, Validator>();

function parseResponse(line: string): PrivilegedResponse | null {
  try {
    const response: unknown = JSON.parse(line);
    return responseValidator.Check(response) ? (response as PrivilegedResponse) : null;
  } catch {
    // Not JSON: the same as any other line that is no response.
    return null;
  }
}

function checkLook<K extends LookName>(name: K, answer: Answer): LookValue<K> {
  let validator = lookValidators.get(name);
  if (!validator) {
    validator = Compile(lookValues[name] as TSchema);
    lookValidators.set(name, validator);
  }
  if (answer.kind === 'seen' && validator.Check(answer.value)) return answer.value as LookValue<K>;
  const value = answer.kind === 'seen' ? answer.value : answer;
  const [first] = validator.Errors(value);
  throw new MortarError(
    'bad-output',
    `what the privileged process saw as ${name}${first?.instancePath ?? ''} ${first?.message ?? 'does not fit'}`,
  );
}

function codeOf(code: string): ErrorCode {
  return errorCodes.find((known) => known === code) ?? 'internal';
}

function unavailable(message: string, cause?: unknown): MortarError {
  return new MortarError('privileged-unavailable', message, cause === undefined ? {} : { cause });
}
