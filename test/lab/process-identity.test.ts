// Telling processes apart, and the numbers of labs' networks. Needs no root.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { allocateSubnet, bridgeName, linkName } from './network.ts';
import {
  findProcesses,
  identifyProcess,
  isAlive,
  killProcess,
  parseProcessStat,
} from './process-identity.ts';

const rest = '1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 86420 1000 1 18446744073709551615 0 0';
test.each([
  ['a plain name', `812 (sleep) S 77 812 ${rest}`, { pid: 812, parent: 77, state: 'S', startTicks: 86420 }],
  [
    'spaces and parentheses in the name',
    `9 (a) b (c) R 1 9 ${rest}`,
    { pid: 9, parent: 1, state: 'R', startTicks: 86420 },
  ],
  ['a line break in the name', `9 (a\n) Z 1 9 ${rest}`, { pid: 9, parent: 1, state: 'Z', startTicks: 86420 }],
  ['nothing, since the process is gone', '', null],
  ['half a line', '812 (sleep) S 77 8', null],
  ['garbage', 'no such thing', null],
])('the status of a process is read with %s', (_, stat, expected) => {
  expect(parseProcessStat(stat)).toEqual(expected);
});

test('a process is known by its number and its start, and another one of its number is never killed', async () => {
  const child = spawn('sleep', ['600'], { env: { ...process.env, MORTAR_TEST_MARK: 'this one' } });
  const exited = once(child, 'exit');
  const identity = identifyProcess(child.pid ?? 0);
  if (identity === null) throw new Error('the child is not running');
  const other = { ...identity, startTicks: identity.startTicks + 1 };
  expect([isAlive(identity), isAlive(other)]).toEqual([true, false]);
  expect(findProcesses('environ', (word) => word === 'MORTAR_TEST_MARK=this one')).toEqual([identity]);
  killProcess(other);
  expect(isAlive(identity)).toBe(true);
  killProcess(identity);
  expect(await exited).toEqual([null, 'SIGKILL']);
  expect(isAlive(identity)).toBe(false);
  killProcess(identity);
});

const all = Array.from({ length: 250 }, (_, index) => index + 1);
test.each([
  ['the first when all are free', [], [], 1],
  ['the lowest that no lab has', [1, 2, 4], [], 3],
  ['none that an address of the machine lies in', [1], ['10.77.2.254', '10.77.30.1'], 3],
  ['the last one', all.slice(0, -1), [], 250],
])('a lab gets the network number that is %s', (_, taken, addresses, expected) => {
  expect(allocateSubnet(taken, addresses)).toBe(expected);
});

test('a lab gets no network number when all are taken', () => {
  expect(() => allocateSubnet(all, [])).toThrow(/250/);
});

test('every interface name fits into the 15 characters that the kernel allows', () => {
  expect([bridgeName(250), linkName(250, 250)].filter((name) => name.length > 15)).toEqual([]);
});
