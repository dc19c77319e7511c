// What has been seen so far: the newest section of each observer. Observers run independently, each with its time limit
// and at most one look outstanding; a look that is asked for during another is done after it, because the one under way may
// have passed the change already.
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { AssertionError } from '../../shared/lib/assert.ts';
import { describeError, errorCodeOf, MortarError } from '../../shared/lib/errors.ts';
import { type SectionName, type Sections, sectionValues } from '../../shared/model/report.ts';
import type { Section } from '../../shared/model/section.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Observer, Observers } from './observer.ts';

export interface Observation {
  sections(): Sections;
  /** Looks at `names` now; resolves when each was seen, has failed or is over its limit. Never throws. */
  look(names: readonly SectionName[]): Promise<void>;
  /** When the look began that `name` was last seen or failed by, ms since 1970; null before the first. */
  lookedAt(name: SectionName): number | null;
}

export const sectionNames = Object.keys(sectionValues) as SectionName[];

/** Calls `onSection` after each look with the new section and the one before it. */
export function createObservation(
  observers: Observers,
  clock: Clock,
  onSection: (name: SectionName, now: Section<unknown>, before: Section<unknown>) => void,
): Observation {
  const sections = Object.fromEntries(
    sectionNames.map((name) => [name, failed(clock.now(), 'not-yet-seen', 'not looked at yet', null)]),
  ) as Record<SectionName, Section<unknown>>;
  const lastSeenAt = new Map<SectionName, number>();
  const lookedAt = new Map<SectionName, number>();
  const running = new Map<SectionName, Promise<void>>();
  const again = new Set<SectionName>();

  function store(name: SectionName, section: Section<unknown>): void {
    const before = sections[name];
    sections[name] = section;
    onSection(name, section, before);
  }

  function fail(name: SectionName, code: string, message: string): void {
    store(name, failed(clock.now(), code, message, lastSeenAt.get(name) ?? null));
  }

  /** One look; resolves at the limit at the latest, while the entry in `running` stays until the look has really ended. */
  function begin(name: SectionName): Promise<void> {
    const observer: Observer<SectionName> = observers[name];
    const beganAt = clock.now();
    let isOverdue = false;
    const overdue = Promise.withResolvers<void>();
    const timer = clock.after(observer.limitMs, () => {
      isOverdue = true;
      lookedAt.set(name, beganAt);
      fail(name, 'timed-out', `no answer within ${observer.limitMs / 1000} s`);
      overdue.resolve();
    });
    const end = attempt(name, observer).then((result) => {
      timer.cancel();
      running.delete(name);
      // What comes too late may be long past; the next look says how it is now.
      if (isOverdue) again.add(name);
      else {
        lookedAt.set(name, beganAt);
        if (result.kind === 'failed') fail(name, result.code, result.message);
        else {
          lastSeenAt.set(name, beganAt);
          store(name, { kind: 'seen', seenAt: beganAt, value: result.value });
        }
      }
      return again.delete(name) ? begin(name) : undefined;
    });
    const settled = Promise.race([end, overdue.promise]);
    running.set(name, settled);
    return settled;
  }

  return {
    sections: () => sections as Sections,
    lookedAt: (name) => lookedAt.get(name) ?? null,
    async look(names) {
      await Promise.all(
        names.map((name) => {
          const current = running.get(name);
          if (!current) return begin(name);
          again.add(name);
          return current;
        }),
      );
    },
  };
}

type Attempt = { kind: 'seen'; value: unknown } | { kind: 'failed'; code: string; message: string };

/** A value that does not fit its schema would cost the coordinator the whole report, so it fails its section instead. */
async function attempt(name: SectionName, observer: Observer<SectionName>): Promise<Attempt> {
  try {
    const value = await observer.look();
    const validator = validatorOf(name);
    if (validator.Check(value)) return { kind: 'seen', value };
    const [first] = validator.Errors(value);
    throw new MortarError(
      'bad-output',
      `${name}${first?.instancePath ?? ''} ${first?.message ?? 'does not fit'}`,
    );
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    return { kind: 'failed', code: errorCodeOf(error), message: describeError(error) };
  }
}

const validators = new Map<SectionName, Validator>();

function validatorOf(name: SectionName): Validator {
  let validator = validators.get(name);
  if (!validator) {
    validator = Compile(sectionValues[name] as TSchema);
    validators.set(name, validator);
  }
  return validator;
}

function failed(failedAt: number, code: string, message: string, lastSeenAt: number | null): Section<never> {
  return { kind: 'failed', failedAt, code, message: message.slice(0, 2048), lastSeenAt };
}
