// One rule over one trace: the volume fills as Gluster fills it, the rule looks, and when it fires, subvolumes are added
// after a lead time, as many as bring the volume to the target. A growth is needless when without it there would have
// been a subvolume below 90 % for 30 days more, which takes the new files; that is asked of the truth, not of what the rule saw.
import { defaultPolicy } from '../../../shared/model/policy.ts';
import type { NamedRule, Seen } from './rules.ts';
import { days, judgedDays, sight, stepMs, type Trace } from './traces.ts';

const judgedSteps = (judgedDays * 86_400_000) / stepMs;
const steps = (days * 86_400_000) / stepMs;
/** A file more does not fit: storage.reserve keeps the last percent. */
const fullShare = 0.99;
const highShare = 0.9;

export interface Result {
  readonly growths: number;
  readonly needless: number;
  /** How often a subvolume became full. */
  readonly full: number;
  /** Of each growth that was needed: from the rule's word until all would have been 90 % full without it, hours. */
  readonly leadHours: readonly number[];
}

/** Runs `rule` over `trace`; what it asks for is there after `delayMs`. */
export function backtest(trace: Trace, rule: NamedRule, delayMs: number): Result {
  const isDue = rule.create();
  let volume: Seen[] = [{ used: trace.use[0] ?? 0, size: 1 }];
  let grownAt: number | null = null;
  let doneAt: number | null = null;
  let isFull = false;
  const result = { growths: 0, needless: 0, full: 0, leadHours: [] as number[] };
  for (let step = 1; step < steps; step += 1) {
    const at = step * stepMs;
    volume = filled(volume, deltaAt(trace, step));
    const wasFull = isFull;
    isFull = mostUsed(volume) >= fullShare;
    if (isFull && !wasFull) result.full += 1;
    if (doneAt !== null && at >= doneAt) {
      volume = grown(volume);
      grownAt = at;
      doneAt = null;
    }
    if (trace.seen[step] === sight.missing) continue;
    const fires = isDue(seenOf(volume, trace.seen[step] ?? 0), at, grownAt);
    if (!fires || doneAt !== null) continue;
    doneAt = at + delayMs;
    result.growths += 1;
    const high = stepOfHigh(trace, volume, step);
    if (high === null) result.needless += 1;
    else result.leadHours.push(((high - step) * stepMs) / 3_600_000);
  }
  return result;
}

function deltaAt(trace: Trace, step: number): number {
  return (trace.use[step] ?? 0) - (trace.use[step - 1] ?? 0);
}

/**
 * New files go everywhere alike, but not to a subvolume that is 90 % full while another is not (cluster.min-free-disk);
 * what is deleted goes everywhere by its use.
 */
function filled(volume: readonly Seen[], delta: number): Seen[] {
  if (delta <= 0) {
    const all = volume.reduce((sum, { used }) => sum + used, 0);
    return volume.map(({ used, size }) => ({ used: Math.max(0, used + (delta * used) / all), size }));
  }
  const open = volume.filter(({ used, size }) => used < highShare * size);
  const takers = open.length > 0 ? open : volume;
  const share = delta / takers.reduce((sum, { size }) => sum + size, 0);
  return volume.map((one) =>
    takers.includes(one) ? { used: Math.min(one.size, one.used + share * one.size), size: one.size } : one,
  );
}

/** As many more of the same as bring the whole to the target, at least one. */
function grown(volume: readonly Seen[]): Seen[] {
  const used = volume.reduce((sum, one) => sum + one.used, 0);
  const wanted = Math.ceil(used / (1 - defaultPolicy.target.freePercent / 100));
  const more = Math.max(1, wanted - volume.length);
  return [...volume, ...Array.from({ length: more }, () => ({ used: 0, size: 1 }))];
}

function seenOf(volume: readonly Seen[], how: number): Seen[] {
  return volume.map(({ used, size }, index) => {
    if (index > 0 || how === sight.true) return { used, size };
    return { used: how === sight.zeroFree ? size : 0, size };
  });
}

function stepOfHigh(trace: Trace, from: readonly Seen[], step: number): number | null {
  let volume = [...from];
  for (let later = step; later < step + judgedSteps && later < trace.use.length; later += 1) {
    if (volume.every(({ used, size }) => used >= highShare * size)) return later;
    volume = filled(volume, deltaAt(trace, later + 1 < trace.use.length ? later + 1 : later));
  }
  return null;
}

function mostUsed(volume: readonly Seen[]): number {
  return Math.max(...volume.map(({ used, size }) => used / size));
}
