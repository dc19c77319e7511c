// Ed25519 over the exact text of an order. The text itself travels, so no two sides have to agree on how JSON is
// written. Keys are PEM; node:crypto does it natively.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { Order } from '../model/order.ts';
import type { SignedOrder } from './messages.ts';

export interface SigningKeys {
  /** PKCS #8 PEM; stays with the coordinator. */
  privatePem: string;
  /** SPKI PEM; pinned by every privileged process. */
  publicPem: string;
}

/** A new pair of keys. */
export function generateSigningKeys(): SigningKeys {
  const pair = generateKeyPairSync('ed25519');
  return {
    privatePem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** `order` as it travels, signed with the coordinator's private key. */
export function signOrder(order: Order, privatePem: string): SignedOrder {
  const payload = JSON.stringify(order);
  const signature = sign(null, Buffer.from(payload), createPrivateKey(privatePem));
  return { payload, signature: signature.toString('base64') };
}

/** Whether `signed` was signed with the private key that belongs to `publicPem`. A malformed signature is just a no. */
export function isSignedBy(signed: SignedOrder, publicPem: string): boolean {
  const signature = Buffer.from(signed.signature, 'base64');
  if (signature.length !== 64) return false;
  return verify(null, Buffer.from(signed.payload), createPublicKey(publicPem), signature);
}
