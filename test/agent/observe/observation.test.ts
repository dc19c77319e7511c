// Observers that see, fail, hang and answer nonsense, and what becomes of their sections.
import { describe, expect, test } from 'vitest';
import { createObservation } from '../../../agent/observe/observation.ts';
import type { Observer, Observers } from '../../../agent/observe/observer.ts';
import { MortarError } from '../../../shared/lib/errors.ts';
import type { NameResolution } from '../../../shared/model/network.ts';
import type { SectionName } from '../../../shared/model/report.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const name = (text: string): NameResolution => ({
  name: text,
  addresses: [],
  error: null,
  isLocal: false,
  isLoopback: false,
});

/** All observers see nothing at once, but `names` does what the test says. */
function observe(look: () => Promise<unknown>, limitMs = 10_000) {
  const clock = createManualClock(1_000);
  const nothing = { limitMs, look: async () => [] };
  const observers = {
    filesystems: nothing,
    slots: nothing,
    gluster: nothing,
    bricks: nothing,
    ports: nothing,
    names: { limitMs, look },
  } as unknown as Observers;
  const changes: string[] = [];
  const observation = createObservation(observers, clock, (section, now) =>
    changes.push(`${section} ${now.kind}`),
  );
  return { clock, observation, changes, names: () => observation.sections().names };
}

/** An observer that answers when the test says so. */
function slow() {
  const calls: PromiseWithResolvers<unknown>[] = [];
  const look: Observer<SectionName>['look'] = () => {
    const call = Promise.withResolvers<unknown>();
    calls.push(call);
    return call.promise as Promise<never>;
  };
  return { calls, look };
}

describe('a section', () => {
  test('has failed before anybody has looked', () => {
    const { names } = observe(async () => []);
    expect(names()).toMatchObject({ kind: 'failed', code: 'not-yet-seen', lastSeenAt: null });
  });

  test('carries what was seen, and when the look began', async () => {
    const { calls, look } = slow();
    const { clock, observation, names } = observe(look);
    const done = observation.look(['names']);
    await clock.advance(700);
    calls[0]!.resolve([name('a')]);
    await done;
    expect(names()).toEqual({ kind: 'seen', seenAt: 1_000, value: [name('a')] });
    expect(observation.lookedAt('names')).toBe(1_000);
  });

  test('that fails says why, and when it was last seen', async () => {
    let error: Error | null = null;
    const { clock, observation, names } = observe(async () => {
      if (error) throw error;
      return [];
    });
    await observation.look(['names']);
    error = new MortarError('privileged-unavailable', 'nobody answers');
    await clock.advance(5_000);
    await observation.look(['names']);
    expect(names()).toEqual({
      kind: 'failed',
      failedAt: 6_000,
      code: 'privileged-unavailable',
      message: 'nobody answers',
      lastSeenAt: 1_000,
    });
    error = null;
    await observation.look(['names']);
    expect(names()).toMatchObject({ kind: 'seen', seenAt: 6_000 });
  });

  test.each([
    ['something else', { not: 'a list' }],
    ['a field too few', [{ name: 'a' }]],
    ['a name that is far too long', [name('x'.repeat(300))]],
    ['nothing', undefined],
  ])('of which an observer sees %s has failed, so that the rest of the report is good', async (_, value) => {
    const { observation, names } = observe(async () => value);
    await observation.look(['names']);
    expect(names()).toMatchObject({ kind: 'failed', code: 'bad-output' });
  });

  test('with an endless error message is cut to what a report may hold', async () => {
    const { observation, names } = observe(async () => {
      throw new Error('x'.repeat(100_000));
    });
    await observation.look(['names']);
    expect(names()).toMatchObject({ kind: 'failed', code: 'internal', message: 'x'.repeat(2048) });
  });
});

describe('an observer that hangs', () => {
  test('fails its section at its limit, and keeps no other waiting', async () => {
    const { look } = slow();
    const { clock, observation, changes, names } = observe(look);
    const done = observation.look(['names', 'ports']);
    await clock.advance(0);
    expect(changes).toEqual(['ports seen']);
    await clock.advance(10_000);
    await done;
    expect(names()).toMatchObject({ kind: 'failed', code: 'timed-out', message: 'no answer within 10 s' });
  });

  test('is asked once, however often somebody looks, and each of them gets an answer at once', async () => {
    const { calls, look } = slow();
    const { clock, observation } = observe(look);
    void observation.look(['names']);
    await clock.advance(10_000);
    for (let turn = 0; turn < 5; turn += 1) await observation.look(['names']);
    expect(calls).toHaveLength(1);
  });

  test('is asked anew when it has answered at last, because its answer is old', async () => {
    const { calls, look } = slow();
    const { clock, observation, names } = observe(look);
    void observation.look(['names']);
    await clock.advance(60_000);
    calls[0]!.resolve([name('old')]);
    await clock.advance(0);
    expect(names().kind).toBe('failed');
    calls[1]!.resolve([name('new')]);
    await clock.advance(0);
    expect(names()).toEqual({ kind: 'seen', seenAt: 61_000, value: [name('new')] });
  });
});

test('a look that is asked for during another is done after it, once', async () => {
  const { calls, look } = slow();
  const { clock, observation, names } = observe(look);
  let isDone = false;
  void observation.look(['names']);
  void observation.look(['names']);
  void observation.look(['names']).then(() => {
    isDone = true;
  });
  await clock.advance(0);
  expect(calls).toHaveLength(1);
  calls[0]!.resolve([name('before')]);
  await clock.advance(0);
  expect(isDone).toBe(false);
  calls[1]!.resolve([name('after')]);
  await clock.advance(0);
  expect(isDone).toBe(true);
  expect(names()).toMatchObject({ value: [name('after')] });
  expect(calls).toHaveLength(2);
});
