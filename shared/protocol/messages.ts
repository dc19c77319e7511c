// What may travel on the bus. Each message is JSON in an envelope with the protocol's version; whatever does not fit
// its schema or its size is an error value, never an exception from deep inside.
import { type Static, type TSchema, Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Epoch, Outcome } from '../model/order.ts';
import { Beat, Report } from '../model/report.ts';

export const protocolVersion = 1;

/** 1 MiB: nats-server's own default for max_payload, and a report of 1,000 bricks fits well below. */
export const maxMessageBytes = 1024 * 1024;

/** An order as it travels: the exact text that was signed, and the coordinator's Ed25519 signature of it. */
export const SignedOrder = Type.Object({
  payload: Type.String({ maxLength: 262_144 }),
  signature: Type.String({ maxLength: 128 }),
});
export type SignedOrder = Static<typeof SignedOrder>;

export const Ask = Type.Object({ epoch: Epoch });

export const messageSchemas = {
  beat: Beat,
  report: Report,
  outcome: Outcome,
  order: SignedOrder,
  ask: Ask,
} as const;
export type MessageKind = keyof typeof messageSchemas;
export type Message<K extends MessageKind> = Static<(typeof messageSchemas)[K]>;

const validators = new Map<MessageKind, Validator>();

/** The bytes of a message of one kind. */
export function encodeMessage<K extends MessageKind>(kind: K, body: Message<K>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ protocol: protocolVersion, kind, body }));
}

export type Decoded<K extends MessageKind> = { ok: true; body: Message<K> } | { ok: false; problem: string };

/** The message of one kind in `data`, or in one sentence why there is none. */
export function decodeMessage<K extends MessageKind>(kind: K, data: Uint8Array): Decoded<K> {
  if (data.byteLength > maxMessageBytes) {
    return {
      ok: false,
      problem: `${data.byteLength} bytes, more than the ${maxMessageBytes} that a message may have`,
    };
  }
  let envelope: unknown;
  try {
    envelope = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch (error) {
    return { ok: false, problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (
    typeof envelope !== 'object' ||
    envelope === null ||
    !('protocol' in envelope) ||
    !('body' in envelope)
  ) {
    return { ok: false, problem: 'not an envelope with protocol, kind and body' };
  }
  if (envelope.protocol !== protocolVersion) {
    return {
      ok: false,
      problem: `protocol ${String(envelope.protocol)}, but this side speaks ${protocolVersion}`,
    };
  }
  const validator = validatorOf(kind);
  if (validator.Check(envelope.body)) return { ok: true, body: envelope.body as Message<K> };
  const [first] = validator.Errors(envelope.body);
  return { ok: false, problem: `${kind}${first?.instancePath ?? ''} ${first?.message ?? 'does not fit'}` };
}

function validatorOf(kind: MessageKind): Validator {
  let validator = validators.get(kind);
  if (!validator) {
    validator = Compile(messageSchemas[kind] as TSchema);
    validators.set(kind, validator);
  }
  return validator;
}
