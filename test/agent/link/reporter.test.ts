// When reports go out. The clock stands still unless a test moves it.
import { expect, test } from 'vitest';
import { createReporter } from '../../../agent/link/reporter.ts';
import { createManualClock } from '../../support/manual-clock.ts';

function report(options: { random?: number; lookAtAll?: () => Promise<void>; publish?: () => void } = {}) {
  const clock = createManualClock(0);
  const publishedAt: number[] = [];
  const errors: unknown[] = [];
  const reporter = createReporter({
    clock,
    random: () => options.random ?? 0.5,
    lookAtAll: options.lookAtAll ?? (async () => {}),
    publish() {
      options.publish?.();
      publishedAt.push(clock.now());
    },
    onError: (error) => errors.push(error),
  });
  return { clock, reporter, publishedAt, errors };
}

test.each([
  ['least', 0, [0, 27_000, 54_000]],
  ['middle', 0.5, [0, 30_000, 60_000]],
  ['greatest', 1, [0, 33_000, 66_000]],
])(
  'without a change a report goes out every 30 s, by chance 10 %% sooner or later: the %s',
  async (_, random, expected) => {
    const { clock, reporter, publishedAt } = report({ random });
    await reporter.start();
    await clock.advance(expected[2]!);
    expect(publishedAt).toEqual(expected);
  },
);

test('a change is reported with all that comes in the 20 ms after it', async () => {
  const { clock, reporter, publishedAt } = report();
  await reporter.start();
  await clock.advance(1_000);
  reporter.reportSoon();
  await clock.advance(19);
  reporter.reportSoon();
  await clock.advance(500);
  expect(publishedAt).toEqual([0, 1_020]);
});

test('a storm of changes is a report each 200 ms', async () => {
  const { clock, reporter, publishedAt } = report();
  await reporter.start();
  await clock.advance(1_000);
  for (let turn = 0; turn < 50; turn += 1) {
    reporter.reportSoon();
    await clock.advance(10);
  }
  await clock.advance(1_000);
  expect(publishedAt).toEqual([0, 1_020, 1_220, 1_420, 1_620]);
});

test('what is seen before the first report has no report of its own', async () => {
  const looked = Promise.withResolvers<void>();
  const { clock, reporter, publishedAt } = report({ lookAtAll: () => looked.promise });
  reporter.reportSoon();
  const started = reporter.start();
  reporter.reportSoon();
  await clock.advance(500);
  expect(publishedAt).toEqual([]);
  looked.resolve();
  await started;
  expect(publishedAt).toEqual([500]);
});

test('a look that takes long does not keep the report back', async () => {
  const { clock, reporter, publishedAt } = report({ lookAtAll: () => new Promise(() => {}) });
  void reporter.start();
  await clock.advance(40_000);
  expect(publishedAt).toEqual([3_000, 33_000]);
});

test('an asked report goes out at a moment of chance within the spread, once', async () => {
  const { clock, reporter, publishedAt } = report({ random: 0.25 });
  await reporter.start();
  await clock.advance(5_000);
  for (let turn = 0; turn < 100; turn += 1) reporter.reportWithin(400);
  await clock.advance(1_000);
  expect(publishedAt).toEqual([0, 5_100]);
});

test('a report that cannot be published is told, and the next one comes all the same', async () => {
  let isFailing = true;
  const { clock, reporter, publishedAt, errors } = report({
    publish() {
      if (isFailing) throw new Error('too large');
    },
  });
  await reporter.start();
  isFailing = false;
  await clock.advance(30_000);
  expect(errors).toHaveLength(1);
  expect(publishedAt).toEqual([30_000]);
});

test('a clock that is set back by an hour keeps no change waiting', async () => {
  const { clock, reporter, publishedAt } = report();
  await clock.advance(3_600_000);
  await reporter.start();
  clock.set(0);
  reporter.reportSoon();
  await clock.advance(200);
  expect(publishedAt).toHaveLength(2);
});

test('after its stop nothing goes out', async () => {
  const { clock, reporter, publishedAt } = report();
  await reporter.start();
  reporter.reportWithin(100);
  reporter.reportSoon();
  reporter.stop();
  reporter.reportSoon();
  reporter.reportWithin(100);
  await clock.advance(100_000);
  expect(publishedAt).toEqual([0]);
  expect(clock.pending()).toBe(0);
});
