// With a clock that the test moves: when runs begin, and that there are never two.
import { describe, expect, test } from 'vitest';
import { createPeriodic } from '../../../shared/runtime/periodic.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const startMs = 1_000_000;

/** A periodic of 1,000 ms whose runs a test can hold open; `runs` are the times at which they began. */
function set(isHeld = false) {
  const clock = createManualClock(startMs);
  const runs: number[] = [];
  const errors: unknown[] = [];
  let finish: (error?: Error) => void = () => {};
  const periodic = createPeriodic({
    clock,
    periodMs: 1000,
    task: () => {
      runs.push(clock.now() - startMs);
      if (!isHeld) return undefined;
      return new Promise<void>((resolve, reject) => {
        finish = (error) => (error ? reject(error) : resolve());
      });
    },
    onError: (error) => errors.push(error),
  });
  return { clock, periodic, runs, errors, finish: (error?: Error) => finish(error) };
}

describe('createPeriodic', () => {
  test('runs at the start and then each period', async () => {
    const { clock, periodic, runs } = set();
    periodic.start();
    periodic.start();
    await clock.advance(3500);
    expect(runs).toEqual([0, 1000, 2000, 3000]);
  });

  test('counts the period from the start of a run, and never runs twice at once', async () => {
    const { clock, periodic, runs, finish } = set(true);
    periodic.start();
    await clock.advance(400);
    finish();
    await clock.advance(700);
    expect(runs).toEqual([0, 1000]);
    await clock.advance(5000);
    expect(runs).toEqual([0, 1000]);
  });

  test('a run that took longer than the period is followed by the next at once, and by no more than one', async () => {
    const { clock, periodic, runs, finish } = set(true);
    periodic.start();
    await clock.advance(3500);
    finish();
    await clock.advance(10);
    expect(runs).toEqual([0, 3500]);
  });

  test('triggers during a run are one more run after it, and the period counts from that one', async () => {
    const { clock, periodic, runs, finish } = set(true);
    periodic.start();
    await clock.advance(100);
    for (let count = 0; count < 5; count += 1) periodic.trigger();
    expect(runs).toEqual([0]);
    finish();
    await clock.advance(100);
    finish();
    await clock.advance(1000);
    expect(runs).toEqual([0, 100, 1100]);
  });

  test('a trigger between two runs runs at once and moves the next', async () => {
    const { clock, periodic, runs } = set();
    periodic.start();
    await clock.advance(600);
    periodic.trigger();
    await clock.advance(1000);
    expect(runs).toEqual([0, 600, 1600]);
  });

  test('a run that throws or rejects is told, and the next comes in its time', async () => {
    const { clock, periodic, runs, errors, finish } = set(true);
    periodic.start();
    const error = new Error('it failed');
    finish(error);
    await clock.advance(1000);
    expect(errors).toEqual([error]);
    expect(runs).toEqual([0, 1000]);
  });

  test('a clock that jumps forwards gives one run, and one that is set back an hour does not stop the runs', async () => {
    const { clock, periodic, runs } = set();
    periodic.start();
    await clock.advance(0);
    clock.set(startMs + 3_600_000);
    await clock.advance(1000);
    clock.set(startMs);
    await clock.advance(2000);
    expect(runs).toHaveLength(4);
  });

  test('stop waits for the run under way and begins no other, whatever is triggered', async () => {
    const { clock, periodic, runs, finish } = set(true);
    periodic.trigger();
    expect(runs).toEqual([]);
    periodic.start();
    periodic.trigger();
    let isStopped = false;
    const stop = periodic.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(100);
    expect(isStopped).toBe(false);
    finish();
    await stop;
    periodic.trigger();
    await clock.advance(5000);
    expect(runs).toEqual([0]);
    expect(clock.pending()).toBe(0);
  });

  test('after a stop it can be started again, also while the last run is not over', async () => {
    const { clock, periodic, runs, finish } = set(true);
    periodic.start();
    const stop = periodic.stop();
    periodic.start();
    finish();
    await stop;
    await clock.advance(0);
    expect(runs).toEqual([0, 0]);
  });
});
