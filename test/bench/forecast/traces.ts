// Generated use of a volume over months, seeded: the same seed, the same trace. Use is in shares of the first subvolume's
// size; what is seen of it may have gaps and wrong samples, what is true has neither.

export const stepMs = 10 * 60_000;
const stepsPerDay = 144;
export const days = 90;
/** Beyond the end, so that a growth on the last day can still be judged by the month after it. */
export const judgedDays = 30;

export const families = [
  'steady',
  'ramp',
  'step',
  'weekly',
  'sawtooth',
  'burst',
  'flat',
  'shrinking',
  'gaps',
  'bad samples',
] as const;
export type Family = (typeof families)[number];

/** A burst fills what is left of a disk within hours; all others can be known a day before. */
export const givesWarning = (family: Family): boolean => family !== 'burst';

export interface Trace {
  readonly family: Family;
  readonly seed: number;
  /** True use at each step. */
  readonly use: Float64Array;
  /** What is seen of a step: the truth, nothing, no free space at all, or nothing used. */
  readonly seen: Uint8Array;
}

export const sight = { true: 0, missing: 1, zeroFree: 2, zeroUsed: 3 } as const;

export function makeTrace(family: Family, seed: number): Trace {
  const random = randomOf(seed * 1000 + families.indexOf(family));
  const between = (least: number, most: number): number => least + (most - least) * random();
  const count = (days + judgedDays) * stepsPerDay;
  const use = new Float64Array(count);
  const seen = new Uint8Array(count);
  const change = changeOf(family, between, random);
  let level = family === 'shrinking' ? between(0.7, 0.9) : between(0.4, family === 'flat' ? 0.76 : 0.65);
  for (let step = 0; step < count; step += 1) {
    level = Math.max(0.02, level + change(step));
    use[step] = Math.max(0.01, level + toothOf(family, seed, step) + between(-0.001, 0.001));
  }
  if (family === 'gaps') makeGaps(seen, between);
  if (family === 'bad samples') {
    for (let step = 0; step < count; step += 1) {
      if (random() < 0.002) seen[step] = random() < 0.5 ? sight.zeroFree : sight.zeroUsed;
    }
  }
  return { family, seed, use, seen };
}

type Between = (least: number, most: number) => number;

/** What a step adds to the use that stays. */
function changeOf(family: Family, between: Between, random: () => number): (step: number) => number {
  const perStep = (perDay: number): number => perDay / stepsPerDay;
  switch (family) {
    case 'steady':
    case 'gaps': {
      const rate = perStep(between(0.002, 0.03));
      return () => rate;
    }
    case 'bad samples': {
      const rate = perStep(between(0, 0.01));
      return () => rate;
    }
    case 'ramp': {
      const from = between(10, 60) * stepsPerDay;
      const until = from + between(6, 20) * stepsPerDay;
      const fast = perStep(between(0.05, 0.12));
      return (step) => (step >= from && step < until ? fast : perStep(0.002));
    }
    case 'step': {
      const chance = perStep(between(0.05, 0.2));
      return () => perStep(0.001) + (random() < chance ? between(0.05, 0.12) : 0);
    }
    case 'weekly': {
      const rate = perStep(between(0.01, 0.03)) * (7 / 5);
      return (step) => (Math.floor(step / stepsPerDay) % 7 < 5 ? rate : 0);
    }
    case 'sawtooth': {
      const rate = perStep(between(0.001, 0.01));
      return () => rate;
    }
    case 'burst': {
      let left = 0;
      const chance = perStep(between(0.02, 0.06));
      const rate = perStep(between(0.6, 1));
      return () => {
        if (left === 0 && random() < chance) left = Math.round(between(0.2, 0.35) / rate);
        if (left === 0) return perStep(0.001);
        left -= 1;
        return rate;
      };
    }
    case 'flat':
      return () => 0;
    case 'shrinking': {
      const rate = perStep(between(0.002, 0.006));
      return () => -rate;
    }
  }
}

/** A saw's tooth climbs all day and is cleaned up at three in the morning. */
function toothOf(family: Family, seed: number, step: number): number {
  if (family !== 'sawtooth') return 0;
  const height = 0.05 + 0.02 * (seed % 5);
  return height * (((step + stepsPerDay - 18) % stepsPerDay) / stepsPerDay);
}

function makeGaps(seen: Uint8Array, between: Between): void {
  for (let step = between(1, 8) * stepsPerDay; step < seen.length; ) {
    const end = step + between(3 / 24, 2) * stepsPerDay;
    seen.fill(sight.missing, Math.floor(step), Math.floor(end));
    step = end + between(1, 8) * stepsPerDay;
  }
}

/** Mulberry32: small, seeded, good enough for traces. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
