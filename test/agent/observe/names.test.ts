// How names resolve, with resolvers that answer, refuse and hang.
import { expect, test } from 'vitest';
import { namesOfPool, observeNames, type Resolver, systemResolver } from '../../../agent/observe/names.ts';
import type { ServerName } from '../../../shared/model/names.ts';
import { createOneAtATime } from '../../../shared/runtime/one-at-a-time.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { sampleGluster } from '../../support/sample-sections.ts';

const clock = createManualClock();

function resolverOf(table: Record<string, string[] | string>): Resolver {
  return {
    localAddresses: () => new Set(['10.77.0.1', 'fe80::1']),
    async lookup(name) {
      const answer = table[name] ?? 'ENOTFOUND';
      if (typeof answer === 'string')
        throw Object.assign(new Error(`getaddrinfo ${answer} ${name}`), { code: answer });
      return answer;
    },
  };
}

test('the names of a pool are this server’s, its peers’ and its bricks’, each once', () => {
  expect(namesOfPool('gluster1' as ServerName, null)).toEqual(['gluster1']);
  expect(namesOfPool('gluster1.lab' as ServerName, sampleGluster())).toEqual([
    'gluster1',
    'gluster1.lab',
    'gluster2',
    'gluster2.lab',
  ]);
});

test.each([
  ['another server', ['10.77.0.2'], { addresses: ['10.77.0.2'], isLocal: false, isLoopback: false }],
  ['this server', ['10.77.0.1'], { addresses: ['10.77.0.1'], isLocal: true, isLoopback: false }],
  ['this server on IPv6', ['fe80::1'], { isLocal: true, isLoopback: false }],
  ['the loopback of Debian', ['127.0.1.1'], { isLocal: true, isLoopback: true }],
  ['the loopback of IPv6', ['::1'], { isLocal: true, isLoopback: true }],
  ['a loopback beside an address', ['10.77.0.2', '127.0.1.1'], { isLocal: true, isLoopback: true }],
  [
    'two addresses, one twice',
    ['10.77.0.3', '10.77.0.2', '10.77.0.3'],
    { addresses: ['10.77.0.2', '10.77.0.3'] },
  ],
  ['nothing', 'ENOTFOUND', { addresses: [], error: null, isLocal: false, isLoopback: false }],
  ['no answer', 'EAI_AGAIN', { addresses: [], error: 'getaddrinfo EAI_AGAIN name', isLocal: false }],
])('a name that resolves to %s', async (_, answer, expected) => {
  const observer = observeNames(() => ['name'], resolverOf({ name: answer }), createOneAtATime(clock));
  expect(await observer.look()).toMatchObject([{ name: 'name', ...expected }]);
});

test('four names at most are asked at once, and all are answered in their order', async () => {
  const waiting: Array<() => void> = [];
  let most = 0;
  const resolver: Resolver = {
    localAddresses: () => new Set(),
    lookup: () =>
      new Promise((resolve) => {
        waiting.push(() => resolve(['10.0.0.1']));
        most = Math.max(most, waiting.length);
      }),
  };
  const names = Array.from({ length: 50 }, (_, index) => `name${index}`);
  const look = observeNames(() => names, resolver, createOneAtATime(clock)).look();
  for (let turn = 0; turn < 50; turn += 1) {
    await clock.advance(0);
    waiting.shift()?.();
  }
  expect((await look).map((each) => each.name)).toEqual(names);
  expect(most).toBe(4);
});

test('a resolver that hangs is given up after 5 s, and the rest is not asked', async () => {
  const resolver: Resolver = { localAddresses: () => new Set(), lookup: () => new Promise(() => {}) };
  const names = Array.from({ length: 500 }, (_, index) => `name${index}`);
  const look = observeNames(() => names, resolver, createOneAtATime(clock)).look();
  await clock.advance(5_000);
  const seen = await look;
  expect(seen[0]).toMatchObject({ addresses: [], error: 'the resolver for name0 has not answered for 5 s' });
  expect(seen[499]).toMatchObject({
    addresses: [],
    error: 'not asked, because the resolver does not answer',
  });
});

test('the system’s resolver knows localhost and this machine’s interfaces', async () => {
  const addresses = await systemResolver.lookup('localhost');
  expect(addresses.some((address) => address === '127.0.0.1' || address === '::1')).toBe(true);
  expect(systemResolver.localAddresses().has('127.0.0.1')).toBe(true);
});
