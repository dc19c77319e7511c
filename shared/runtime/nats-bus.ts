// The bus over NATS. It never gives up: it connects in the background, so that a daemon starts while the bus is away,
// and dials again for ever. The library's own reconnecting is switched off: it stops after two refused log-ins, and
// hangs on a dead connection with a full send buffer. Here every connection is new, and subscriptions are made again.
import type { NatsConnection } from 'nats';
import { assert } from '../lib/assert.ts';
import { describeError, MortarError } from '../lib/errors.ts';
import { maxMessageBytes } from '../protocol/messages.ts';
import type { Bus, BusMessage } from './bus.ts';
import { delay, settlesWithin } from './delay.ts';
import type { Log } from './log.ts';
import { checkNatsAddress, NatsDialler } from './nats-dialler.ts';

export interface NatsBusOptions {
  /** `nats://host:port`, one or more of the same NATS cluster. */
  servers: readonly string[];
  /** What the NATS server calls this client in its own lists. */
  name: string;
  log: Log;
  /** How often the bus is asked whether it still answers, and how long an answer may take, both in ms. */
  probe?: { everyMs: number; limitMs: number };
}

/** A frozen server or a silently cut cable is noticed after 5 to 15 s, well before a server counts as silent. */
const defaultProbe = { everyMs: 5_000, limitMs: 10_000 };
/** What may be on its way without an answer from the bus: 8 messages of the greatest size. More is dropped. */
const maxUnansweredBytes = 8 * maxMessageBytes;
/** From here on the bus is asked for an answer at once, so that a fast sender is not held up by the limit. */
const probeAtBytes = maxUnansweredBytes / 8;
/** A stopping daemon has 10 s for everything; what NATS has not taken in 2 s is lost, and is said again later. */
const drainLimitMs = 2_000;

interface Subscribed {
  pattern: string;
  handler: (message: BusMessage) => void;
  detach: () => void;
}

/**
 * A bus over NATS, which connects in the background and for ever. Throws MortarError('bad-config') when an address
 * is none; an absent bus is no error.
 */
export async function connectNatsBus(options: NatsBusOptions): Promise<Bus> {
  assert(options.servers.length > 0, 'a bus needs an address');
  for (const server of options.servers) checkNatsAddress(server);
  const bus = new NatsBus(options);
  bus.start();
  return bus;
}

class NatsBus implements Bus {
  readonly #options: NatsBusOptions;
  readonly #log: Log;
  readonly #subscriptions = new Set<Subscribed>();
  readonly #statusHandlers: Array<(isConnected: boolean) => void> = [];
  readonly #closing = new AbortController();
  readonly #dialler: NatsDialler;
  #ended: Promise<void> = Promise.resolve();
  #connection: NatsConnection | null = null;
  #connectionEnd = new AbortController();
  /** Both only grow; between them lies what is on its way without an answer from the bus. */
  #sentBytes = 0;
  #answeredBytes = 0;
  #isProbing = false;
  #dropped = 0;

  constructor(options: NatsBusOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#dialler = new NatsDialler({ ...options, closing: this.#closing.signal });
  }

  start(): void {
    this.#ended = this.#run();
  }

  publish(subject: string, data: Uint8Array): void {
    assert(subject !== '' && !/\s/.test(subject), `"${subject}" is no subject`);
    const limitBytes = this.#connection?.info?.max_payload ?? maxMessageBytes;
    if (data.byteLength > limitBytes) {
      throw new MortarError(
        'too-large',
        `${data.byteLength} bytes for ${subject}, and the bus takes ${limitBytes} at most`,
      );
    }
    const connection = this.#connection;
    if (!connection || this.#unansweredBytes() + data.byteLength > maxUnansweredBytes) {
      this.#dropped += 1;
      return;
    }
    try {
      connection.publish(subject, data);
    } catch (error) {
      this.#dropped += 1;
      this.#log.debug({ subject, error }, 'a message was dropped, the connection is closing');
      return;
    }
    this.#sentBytes += data.byteLength;
    if (this.#unansweredBytes() >= probeAtBytes) void this.#probe(connection);
  }

  subscribe(pattern: string, handler: (message: BusMessage) => void): () => void {
    const subscribed: Subscribed = { pattern, handler, detach: () => {} };
    this.#subscriptions.add(subscribed);
    if (this.#connection) this.#attach(this.#connection, subscribed);
    return () => {
      this.#subscriptions.delete(subscribed);
      subscribed.detach();
    };
  }

  isConnected(): boolean {
    return this.#connection !== null;
  }

  onStatus(handler: (isConnected: boolean) => void): void {
    this.#statusHandlers.push(handler);
  }

  async flush(): Promise<void> {
    const connection = this.#connection;
    if (!connection || !(await this.#isAnswered(connection))) {
      throw new MortarError('bus-unavailable', 'the bus does not answer');
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const connection = this.#connection;
    if (!connection) return;
    await settlesWithin(connection.drain(), drainLimitMs);
    await settlesWithin(connection.close(), drainLimitMs);
    await settlesWithin(this.#ended, drainLimitMs);
  }

  get #probeTimes(): { everyMs: number; limitMs: number } {
    return this.#options.probe ?? defaultProbe;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const connection = await this.#dialler.dial();
      if (connection) await this.#serve(connection);
      await delay(this.#dialler.delayMs(), this.#closing.signal);
    }
  }

  /** Announces `connection`, uses it, and returns when it is no more. */
  async #serve(connection: NatsConnection): Promise<void> {
    const openedAt = performance.now();
    this.#connection = connection;
    this.#connectionEnd = new AbortController();
    this.#answeredBytes = this.#sentBytes;
    for (const subscribed of this.#subscriptions) this.#attach(connection, subscribed);
    void this.#logErrors(connection);
    const probing = setInterval(() => void this.#probe(connection), this.#probeTimes.everyMs);
    this.#log.info({ server: connection.getServer(), dropped: this.#dropped }, 'connected to the bus');
    this.#dropped = 0;
    this.#announce(true);

    const reason = await connection.closed();

    clearInterval(probing);
    this.#connection = null;
    this.#connectionEnd.abort();
    this.#announce(false);
    const sentence = reason instanceof Error ? describeError(reason) : 'the connection ended';
    this.#dialler.countLoss(sentence, performance.now() - openedAt);
  }

  #attach(connection: NatsConnection, subscribed: Subscribed): void {
    // It may have ended a moment ago; the next connection gets the subscription.
    if (connection.isClosed() || connection.isDraining()) return;
    const { pattern, handler } = subscribed;
    const subscription = connection.subscribe(pattern, {
      callback: (error, message) => {
        if (error) {
          this.#log.warn({ pattern, error }, 'the bus refused a subscription');
          return;
        }
        try {
          handler({ subject: message.subject, data: message.data });
        } catch (bug) {
          // Thrown from here it would silently end the library's reading of this connection.
          queueMicrotask(() => {
            throw bug;
          });
        }
      },
    });
    subscribed.detach = () => {
      if (!connection.isClosed()) subscription.unsubscribe();
    };
  }

  async #logErrors(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'error') this.#log.warn({ error: status.error }, 'the bus reports an error');
    }
  }

  /** Asks whether the bus still answers; ends the connection when it does not. */
  async #probe(connection: NatsConnection): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    const isAnswered = await this.#isAnswered(connection);
    this.#isProbing = false;
    if (isAnswered || this.#connection !== connection) return;
    this.#log.warn({ limitMs: this.#probeTimes.limitMs }, 'the bus stopped answering, dialling again');
    await settlesWithin(connection.close(), drainLimitMs);
  }

  /** Whether the bus answers in time, and so has all that was sent before the question. */
  async #isAnswered(connection: NatsConnection): Promise<boolean> {
    const sentBytes = this.#sentBytes;
    if (connection.isClosed()) return false;
    // A question whose connection ends is never answered, nor refused.
    const answer = connection.flush().then(() => true);
    const isAnswered =
      (await settlesWithin(answer, this.#probeTimes.limitMs, this.#connectionEnd.signal)) ?? false;
    if (isAnswered) this.#answeredBytes = Math.max(this.#answeredBytes, sentBytes);
    return isAnswered;
  }

  #unansweredBytes(): number {
    return this.#sentBytes - this.#answeredBytes;
  }

  #announce(isConnected: boolean): void {
    for (const handler of this.#statusHandlers) handler(isConnected);
  }
}
