// The bus as an edge: lossy publish and subscribe, nothing more. Whatever is lost is said again by its sender.

export interface BusMessage {
  subject: string;
  data: Uint8Array;
}

export interface Bus {
  /**
   * Sends and forgets; drops the message when the bus is away or slower than the sender (who sends much awaits `flush`
   * now and then). Throws MortarError('too-large') above the bus's limit.
   */
  publish(subject: string, data: Uint8Array): void;
  /** Calls `handler` for each message whose subject fits `pattern` (NATS wildcards) until the returned function is called. */
  subscribe(pattern: string, handler: (message: BusMessage) => void): () => void;
  /** Whether the bus is there now. */
  isConnected(): boolean;
  /** Calls `handler` at each change of that. */
  onStatus(handler: (isConnected: boolean) => void): void;
  /** Resolves when all that was published has reached the bus; rejects with MortarError('bus-unavailable') when that is away. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
