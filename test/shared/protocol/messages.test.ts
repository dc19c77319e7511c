// Everything that may come out of the bus, and that nothing of it is an exception.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeMessage,
  encodeMessage,
  type MessageKind,
  maxMessageBytes,
  messageSchemas,
} from '../../../shared/protocol/messages.ts';
import { makeReport } from '../../support/make-report.ts';

const kinds = Object.keys(messageSchemas) as MessageKind[];
const bytes = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => bytes(JSON.stringify(value));

test('a report arrives as it was sent', () => {
  const report = makeReport();
  expect(decodeMessage('report', encodeMessage('report', report))).toEqual({ ok: true, body: report });
});

test('an order of a thousand bricks fits into a message', () => {
  const payload = JSON.stringify(
    Array.from({ length: 1000 }, (_, index) => `server${index}:/bricks/b1/volume`),
  );
  const order = { payload, signature: 'x'.repeat(88) };
  expect(decodeMessage('order', encodeMessage('order', order))).toEqual({ ok: true, body: order });
});

describe('what does not fit is one sentence and no exception', () => {
  const report = makeReport();
  const sections = { ...report.sections, slots: { kind: 'seen', seenAt: 1, value: [{ path: '../x' }] } };
  const cases: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(), /^not JSON: /],
    ['garbage', Uint8Array.from({ length: 256 }, (_, index) => index), /^not JSON: /],
    ['text that is not UTF-8', Uint8Array.of(0x22, 0xc3, 0x28, 0x22), /^not JSON: /],
    ['half a message', encodeMessage('report', report).slice(0, 500), /^not JSON: /],
    ['10 MB', new Uint8Array(10_000_000), /^10000000 bytes, more than the 1048576 that a message may have$/],
    ['one byte too much', new Uint8Array(maxMessageBytes + 1), /^1048577 bytes/],
    ['a deeply nested list', bytes('['.repeat(500_000)), /^not JSON: |^not an envelope/],
    ['null', bytes('null'), /^not an envelope/],
    ['a list', bytes('[]'), /^not an envelope/],
    ['a number', bytes('3'), /^not an envelope/],
    ['no body', json({ protocol: 1 }), /^not an envelope/],
    ['no protocol', json({ kind: 'report', body: report }), /^not an envelope/],
    ['a newer protocol', json({ protocol: 2, body: report }), /^protocol 2, but this side speaks 1$/],
    ['a protocol as text', json({ protocol: '1', body: report }), /^protocol 1, but this side speaks 1$/],
    ['an empty body', json({ protocol: 1, body: {} }), /^report must have/],
    ['a body that is null', json({ protocol: 1, body: null }), /^report must be object/],
    ['another kind of message', encodeMessage('ask', { epoch: 1 }), /^report must have/],
    [
      'a wrong type, by its path',
      json({ protocol: 1, body: { ...report, sequence: 'x' } }),
      /^report\/sequence must be integer$/,
    ],
    [
      'a wrong name, by its path',
      json({ protocol: 1, body: { ...report, server: 'A B' } }),
      /^report\/server must match pattern/,
    ],
    [
      'a wrong section, by its path',
      json({ protocol: 1, body: { ...report, sections } }),
      /^report\/sections\/slots/,
    ],
  ];
  test.each(cases)('%s', (_, data, problem) => {
    expect(decodeMessage('report', data)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });

  test.each(kinds)('any bytes and any JSON as a message of kind %s', (kind) => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map(bytes),
          fc.jsonValue().map((body) => json({ protocol: 1, body })),
        ),
        (data) => {
          const decoded = decodeMessage(kind, data);
          if (!decoded.ok) expect(decoded.problem).not.toBe('');
        },
      ),
    );
  });

  test.each(kinds)('a message of kind %s with any one field taken away', (kind) => {
    const required = (messageSchemas[kind] as { required?: string[] }).required ?? [];
    expect(required.length).toBeGreaterThan(0);
    expect(decodeMessage(kind, json({ protocol: 1, body: {} })).ok).toBe(false);
  });
});
