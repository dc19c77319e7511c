// A coordinator that is killed between any two calls finds everything again that was acknowledged to it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../coordinator/store/open-store.ts';
import { calls } from './killed-writer.ts';
import { inStateDirectory, planId, policy, recordingLog, sampleOrder, volume } from './samples.ts';

const program = new URL('killed-writer.ts', import.meta.url).pathname;

describe.each(calls.map((_, index) => index + 1))('killed after call %i', (count) => {
  test('everything that was acknowledged is there', () => {
    inStateDirectory((directory) => {
      const child = spawnSync(process.execPath, [program, directory, String(count)], { encoding: 'utf8' });
      expect(child.stderr).toBe('');
      expect(child.signal).toBe('SIGKILL');
      expect(child.stdout.split('\n').filter((line) => line === 'done')).toHaveLength(count);
      expectAllOf(directory, count);
    });
  });
});

test('another process is refused as long as this one has the directory', () => {
  inStateDirectory((directory) => {
    const store = openStore({ directory, log: recordingLog().log });
    const child = spawnSync(process.execPath, [program, directory, '1'], { encoding: 'utf8' });
    expect([child.status, child.stdout]).toEqual([1, '']);
    expect(child.stderr).toContain('intents.db is in use by another process');
    expect(store.takeEpoch(0)).toBe(1);
    store.close();
  });
});

function expectAllOf(directory: string, count: number): void {
  const { log, sentences } = recordingLog();
  const store = openStore({ directory, log });
  const { policies, plans, outbox, outcomes } = store.load();
  const order = sampleOrder(1, 1);
  expect(sentences).toEqual([]);
  expect(policies.get(volume)).toEqual(count >= 3 ? policy : undefined);
  expect(plans.get(planId(1))?.status).toBe(['proposed', 'running', 'running', 'done', 'done'][count - 4]);
  expect(outbox).toEqual(count === 5 ? [order] : []);
  expect([...outcomes.keys()]).toEqual(count === 6 ? [order.id] : []);
  expect(store.journal(planId(1), { limit: 10, after: null }).items.map((entry) => entry.at)).toEqual(
    count < 4 ? [] : [[1], [1], [1, 7], [1, 7, 2], [1, 7, 2]][count - 4],
  );
  expect(store.loadReports().map(({ reportAt }) => reportAt)).toEqual(count >= 8 ? [7] : []);
  expect(store.takeEpoch(0)).toBe(6);

  const publicKey = join(directory, 'coordinator.pub');
  expect(existsSync(publicKey)).toBe(count >= 2);
  if (count >= 2) {
    const keys = store.signingKeys(() => expect.fail('the key was generated a second time'));
    expect(readFileSync(publicKey, 'utf8')).toBe(keys.publicPem);
  }
  store.close();
}
