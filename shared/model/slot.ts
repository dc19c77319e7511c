// A place that a server offers for bricks. A slot that cannot be used is still reported, with the reason, so that
// nobody has to guess why nothing is placed there.
import { type Static, Type } from 'typebox';
import { AbsolutePath } from './names.ts';
import { Nullable, OneOf } from './schema.ts';

export const slotProblems = [
  'missing',
  'not-a-directory',
  'unmounted',
  'on-root-filesystem',
  'read-only',
  'unsupported-filesystem',
  'unreadable',
] as const;
export type SlotProblem = (typeof slotProblems)[number];

export const Slot = Type.Object({
  /** The directory in which brick directories are made. */
  path: AbsolutePath,
  /** The mount point that must be there for the slot to be usable; `path` itself unless configured otherwise. */
  mountPoint: AbsolutePath,
  tags: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 32 }),
  problem: Type.Union([
    Type.Null(),
    Type.Object({
      code: OneOf(slotProblems),
      sentence: Type.String({ maxLength: 1024 }),
    }),
  ]),
  /** What already lies in `path`, so that no brick is placed onto it; at most 1,000 names. Null when it could not be read. */
  entries: Nullable(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 1000 })),
});
export type Slot = Static<typeof Slot>;
