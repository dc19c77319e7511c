// What root obeys: exactly the text that was signed, with exactly this key.
import { describe, expect, test } from 'vitest';
import type { PlanId, ServerName, VolumeId, VolumeName } from '../../../shared/model/names.ts';
import type { Order } from '../../../shared/model/order.ts';
import { generateSigningKeys, isSignedBy, signOrder } from '../../../shared/protocol/signing.ts';

const order: Order = {
  id: '3.grow-vol1-20261121T101500Z.2.1',
  epoch: 3,
  plan: 'grow-vol1-20261121T101500Z' as PlanId,
  stepIndex: 2,
  server: 'g1' as ServerName,
  issuedAt: 1_700_000_000_000,
  deadline: 1_700_000_060_000,
  step: {
    kind: 'fix-layout',
    server: 'g1' as ServerName,
    volume: 'vol1' as VolumeName,
    volumeId: '11111111-2222-4333-8444-555555555555' as VolumeId,
    taskIdBefore: null,
  },
};
const keys = generateSigningKeys();
const signed = signOrder(order, keys.privatePem);

describe('a signed order', () => {
  test('is signed by its key, and its payload is the order', () => {
    expect(isSignedBy(signed, keys.publicPem)).toBe(true);
    expect(JSON.parse(signed.payload)).toEqual(order);
  });

  test('is not signed by another key', () => {
    expect(isSignedBy(signed, generateSigningKeys().publicPem)).toBe(false);
  });

  const tampered: [string, string][] = [
    ['another epoch', signed.payload.replace('"epoch":3', '"epoch":4')],
    ['a space more', signed.payload.replace(',', ', ')],
    ['keys in another order', JSON.stringify(Object.fromEntries(Object.entries(order).reverse()))],
    ['a byte more', `${signed.payload} `],
    ['nothing', ''],
  ];
  test.each(tampered)('is refused with %s in the payload', (_, payload) => {
    expect(payload).not.toBe(signed.payload);
    expect(isSignedBy({ ...signed, payload }, keys.publicPem)).toBe(false);
  });

  test('is refused with any one bit of the signature turned over', () => {
    const bytes = Buffer.from(signed.signature, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(isSignedBy({ ...signed, signature: changed.toString('base64') }, keys.publicPem)).toBe(false);
    }
  });

  const malformed = [
    '',
    'x',
    '====',
    signed.signature.slice(4),
    `AAAA${signed.signature}`,
    '\u0000',
    'ä'.repeat(64),
  ];
  test.each(malformed)('with %j for a signature is just not signed', (signature) => {
    expect(isSignedBy({ ...signed, signature }, keys.publicPem)).toBe(false);
  });

  test('an order with the signature of another order is refused', () => {
    const other = signOrder({ ...order, epoch: 4 }, keys.privatePem);
    expect(isSignedBy({ payload: signed.payload, signature: other.signature }, keys.publicPem)).toBe(false);
  });
});
