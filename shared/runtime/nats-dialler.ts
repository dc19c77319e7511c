// Dials NATS: how often, how long, and what is said about it. Log-ins that are refused and addresses where nobody is are
// the same to it: the next dial may succeed.
import { connect, type NatsConnection, type ReconnectToServerHandler, type Server } from 'nats';
import { describeError, MortarError } from '../lib/errors.ts';
import type { Log } from './log.ts';

/** A dial that takes longer than this on a storage network is not going to succeed. */
const dialLimitMs = 5_000;
/** Delays between dials: small first, because most outages are a restart; 5 s at most, so that a healed network is used soon. */
const firstDelayMs = 200;
const longestDelayMs = 5_000;
/** A connection that held this long was a good one: the next outage starts with the small delay again. */
const steadyAfterMs = 5_000;

export interface NatsDiallerOptions {
  servers: readonly string[];
  name: string;
  log: Log;
  /** Aborts when nobody wants a connection any more. */
  closing: AbortSignal;
}

export class NatsDialler {
  readonly #options: NatsDiallerOptions;
  /** In a row; a connection that did not hold counts as one. */
  #failures = 0;

  constructor(options: NatsDiallerOptions) {
    this.#options = options;
  }

  /** A new connection, or null when there was none to be had: the log-in was refused, or nobody wants one any more. */
  async dial(): Promise<NatsConnection | null> {
    const { servers, name, closing } = this.#options;
    try {
      const connection = await connect({
        servers: [...servers],
        name,
        timeout: dialLimitMs,
        // The library dials until somebody answers: it closes the socket of a dial that hangs, which nobody else can.
        waitOnFirstConnect: true,
        reconnect: false,
        reconnectDelayHandler: () => 0,
        reconnectToServer: this.#beforeEachDial(),
        // The bus is probed by its user, who can choose the limit and what follows; by the library only every hour.
        pingInterval: 3_600_000,
      });
      if (!closing.aborted) return connection;
      await connection.close();
    } catch (error) {
      this.#countFailure(describeError(error));
    }
    return null;
  }

  /** Remembers that a connection, which held for `heldMs`, was lost. */
  countLoss(reason: string, heldMs: number): void {
    if (heldMs >= steadyAfterMs) this.#failures = 0;
    this.#countFailure(reason);
  }

  /** How long to wait before the next dial: doubling, with jitter so that a thousand agents do not come back at one moment. */
  delayMs(): number {
    if (this.#failures === 0) return 0;
    const fullMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(this.#failures - 1, 16));
    return fullMs * (0.5 + Math.random() / 2);
  }

  /** The library asks this before each dial; to throw here is the only way to stop it. */
  #beforeEachDial(): ReconnectToServerHandler {
    let isFirst = true;
    return (pool) => {
      if (this.#options.closing.aborted) throw new MortarError('bus-unavailable', 'the bus is closing');
      if (!isFirst) this.#countFailure('nobody answers there');
      const delay = isFirst ? 0 : this.delayMs();
      isFirst = false;
      return { server: pool[0] as Server, delay };
    };
  }

  #countFailure(reason: string): void {
    if (this.#options.closing.aborted) return;
    this.#failures += 1;
    const servers = this.#options.servers.map(withoutCredentials);
    const fields = { servers, reason, failures: this.#failures };
    // Once per outage where a person looks; an absent bus is dialled a thousand times an hour.
    if (this.#failures === 1) this.#options.log.warn(fields, 'the bus is away, dialling until it is back');
    else this.#options.log.debug(fields, 'the bus is still away');
  }
}

/** Throws MortarError('bad-config') unless `server` is an address such as `nats://host:4222`. */
export function checkNatsAddress(server: string): void {
  const url = URL.parse(server.includes('://') ? server : `nats://${server}`);
  if (!url?.hostname || !['nats:', 'tls:'].includes(url.protocol)) {
    throw new MortarError('bad-config', `"${withoutCredentials(server)}" is no address of a NATS server`);
  }
}

function withoutCredentials(server: string): string {
  return server.replace(/\/\/.*@/, '//');
}
