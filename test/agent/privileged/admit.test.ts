// May an order run? A table of everything that must keep one from running, and of what must not.
import { describe, expect, test } from 'vitest';
import { admitOrder, verifyOrder } from '../../../agent/privileged/admit.ts';
import type { ServerName } from '../../../shared/model/names.ts';
import type { Order } from '../../../shared/model/order.ts';
import { generateSigningKeys, signOrder } from '../../../shared/protocol/signing.ts';
import { makeOrder, self } from './orders/make-order.ts';

const keys = generateSigningKeys();
const other = generateSigningKeys();
const now = 1_700_000_000_000;

describe('verifyOrder', () => {
  test('gives back the order that the coordinator signed', () => {
    const order = makeOrder();
    expect(verifyOrder(signOrder(order, keys.privatePem), keys.publicPem, self)).toEqual({ ok: true, order });
  });

  const step = makeOrder().step;
  const elsewhere = 'gluster2' as ServerName;
  const refused: [string, unknown, RegExp][] = [
    ['an order for another server', { ...makeOrder(), server: elsewhere }, /is for gluster2/],
    [
      'a step on another server',
      makeOrder({ step: { ...step, server: elsewhere } as Order['step'] }),
      /this is/,
    ],
    ['an unknown kind of step', { ...makeOrder(), step: { kind: 'format', server: self } }, /the order/],
    ['a path that climbs', { ...makeOrder(), step: { ...step, path: '/bricks/../etc' } }, /the order/],
    ['a relative path', { ...makeOrder(), step: { ...step, path: 'etc' } }, /the order/],
    ['a path with a newline', { ...makeOrder(), step: { ...step, path: '/b/a\nb' } }, /the order/],
    ['an id with a slash', { ...makeOrder(), id: '1.grow/x' }, /the order/],
    ['an id with a newline', { ...makeOrder(), id: '1\n2' }, /the order/],
    ['an empty id', { ...makeOrder(), id: '' }, /the order/],
    ['epoch 0', { ...makeOrder(), epoch: 0 }, /the order/],
    ['an epoch that is no number', { ...makeOrder(), epoch: '7' }, /the order/],
    ['a fraction of an epoch', { ...makeOrder(), epoch: 1.5 }, /the order/],
    ['no deadline', { ...makeOrder(), deadline: undefined }, /the order/],
    ['null', null, /the order/],
    ['a list', [], /the order/],
  ];
  test.each(refused)('refuses %s even when it is signed', (_, order, sentence) => {
    const signed = signOrder(order as Order, keys.privatePem);
    const verified = verifyOrder(signed, keys.publicPem, self);
    expect(verified).toMatchObject({ ok: false, sentence: expect.stringMatching(sentence) });
  });

  test('refuses signed text that is not JSON', () => {
    const signed = signOrder(makeOrder(), keys.privatePem);
    const { signature } = signOrder('x' as unknown as Order, keys.privatePem);
    expect(verifyOrder({ payload: '"x"', signature }, keys.publicPem, self).ok).toBe(false);
    expect(verifyOrder({ ...signed, payload: '{' }, keys.publicPem, self).ok).toBe(false);
  });

  const unsigned: [string, { payload: string; signature: string }][] = [
    ['another key', signOrder(makeOrder(), other.privatePem)],
    [
      'a changed order',
      { ...signOrder(makeOrder(), keys.privatePem), payload: JSON.stringify(makeOrder({ epoch: 9 })) },
    ],
    ['no signature', { ...signOrder(makeOrder(), keys.privatePem), signature: '' }],
    ['a short signature', { ...signOrder(makeOrder(), keys.privatePem), signature: 'AAAA' }],
    [
      'a signature of zeros',
      { ...signOrder(makeOrder(), keys.privatePem), signature: Buffer.alloc(64).toString('base64') },
    ],
  ];
  test.each(unsigned)('refuses an order with %s', (_, signed) => {
    expect(verifyOrder(signed, keys.publicPem, self)).toEqual({
      ok: false,
      sentence: 'the signature is not of the pinned coordinator key',
    });
  });
});

describe('admitOrder', () => {
  const cases: [string, Partial<Order>, number, string | null][] = [
    ['the first order of all', { epoch: 1 }, 0, null],
    ['an order of the epoch that was obeyed last', { epoch: 7 }, 7, null],
    ['an order of a higher epoch', { epoch: 8 }, 7, null],
    ['an order of a lower epoch', { epoch: 6 }, 7, 'epoch 6 is over: this server has obeyed epoch 7'],
    ['an order at its very deadline', { deadline: now }, 0, null],
    [
      'an order 1 ms after its deadline',
      { deadline: now - 1 },
      0,
      'the deadline passed 1 s ago by this server’s clock',
    ],
    [
      'an order an hour after its deadline',
      { deadline: now - 3_600_000 },
      0,
      'the deadline passed 3600 s ago',
    ],
  ];
  test.each(cases)('%s', (_, fields, highestEpoch, sentence) => {
    const admitted = admitOrder(makeOrder({ deadline: now + 1, ...fields }), highestEpoch, now);
    if (sentence === null) expect(admitted).toEqual({ ok: true });
    else expect(admitted).toMatchObject({ ok: false, sentence: expect.stringContaining(sentence) });
  });
});
