// A bus in memory for tests and the simulation: as lossy and as asynchronous as the real one. The contract suite
// beside it runs against both, so that this one cannot drift.
import { assert } from '../../shared/lib/assert.ts';
import { MortarError } from '../../shared/lib/errors.ts';
import { maxMessageBytes } from '../../shared/protocol/messages.ts';
import type { Bus, BusMessage } from '../../shared/runtime/bus.ts';

export interface MemoryBusClient extends Bus {
  /** Cuts this client off the bus, or lets it back; its subscriptions survive, what is sent meanwhile does not. */
  setConnected(isConnected: boolean): void;
}

export interface MemoryBus {
  /** Another client of this bus. */
  connect(): MemoryBusClient;
  /** From now on loses each message for which `shouldLose` says so. */
  lose(shouldLose: (message: BusMessage) => boolean): void;
}

/** A bus in memory. Messages arrive in order, in later microtasks, and as copies. */
export function createMemoryBus(): MemoryBus {
  const clients = new Set<MemoryClient>();
  let shouldLose: (message: BusMessage) => boolean = () => false;
  const deliver = (message: BusMessage) => {
    if (shouldLose(message)) return;
    for (const client of clients) client.receive({ ...message, data: message.data.slice() });
  };
  return {
    connect() {
      const client = new MemoryClient(deliver, () => clients.delete(client));
      clients.add(client);
      return client;
    },
    lose(rule) {
      shouldLose = rule;
    },
  };
}

class MemoryClient implements MemoryBusClient {
  readonly #deliver: (message: BusMessage) => void;
  readonly #leave: () => void;
  readonly #subscriptions = new Set<{ pattern: string; handler: (message: BusMessage) => void }>();
  readonly #statusHandlers: Array<(isConnected: boolean) => void> = [];
  #isConnected = true;
  #last: Promise<void> = Promise.resolve();

  constructor(deliver: (message: BusMessage) => void, leave: () => void) {
    this.#deliver = deliver;
    this.#leave = leave;
  }

  publish(subject: string, data: Uint8Array): void {
    assert(subject !== '' && !/\s/.test(subject), `"${subject}" is no subject`);
    if (data.byteLength > maxMessageBytes) {
      throw new MortarError('too-large', `${data.byteLength} bytes for ${subject}`);
    }
    if (!this.#isConnected) return;
    const message = { subject, data: data.slice() };
    this.#last = this.#last.then(() => this.#deliver(message));
  }

  subscribe(pattern: string, handler: (message: BusMessage) => void): () => void {
    const subscription = { pattern, handler };
    this.#subscriptions.add(subscription);
    return () => this.#subscriptions.delete(subscription);
  }

  receive(message: BusMessage): void {
    if (!this.#isConnected) return;
    for (const { pattern, handler } of [...this.#subscriptions]) {
      if (fits(message.subject, pattern)) handler(message);
    }
  }

  isConnected(): boolean {
    return this.#isConnected;
  }

  onStatus(handler: (isConnected: boolean) => void): void {
    this.#statusHandlers.push(handler);
  }

  setConnected(isConnected: boolean): void {
    if (this.#isConnected === isConnected) return;
    this.#isConnected = isConnected;
    for (const handler of this.#statusHandlers) handler(isConnected);
  }

  async flush(): Promise<void> {
    if (!this.#isConnected) throw new MortarError('bus-unavailable', 'the bus does not answer');
    await this.#last;
  }

  async close(): Promise<void> {
    await this.#last;
    this.setConnected(false);
    this.#leave();
  }
}

/** Whether `subject` fits `pattern`: `*` is any one token, `>` at the end is one or more. */
function fits(subject: string, pattern: string): boolean {
  const tokens = subject.split('.');
  const wanted = pattern.split('.');
  for (const [position, token] of wanted.entries()) {
    if (token === '>' && position === wanted.length - 1) return tokens.length > position;
    if (token !== '*' && token !== tokens[position]) return false;
  }
  return tokens.length === wanted.length;
}
