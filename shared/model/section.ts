// One observer's part of a report. An observer that failed is data: it says why, and when it last saw something,
// instead of an empty list that would read as "nothing there".
import { type Static, type TSchema, Type } from 'typebox';
import { Nullable } from './schema.ts';

/** A schema for what one observer saw: either its value, or the error that kept it from seeing. Times are ms since 1970. */
export function Section<T extends TSchema>(value: T) {
  return Type.Union([
    Type.Object({ kind: Type.Literal('seen'), seenAt: Type.Integer({ minimum: 0 }), value }),
    Type.Object({
      kind: Type.Literal('failed'),
      failedAt: Type.Integer({ minimum: 0 }),
      code: Type.String({ maxLength: 64 }),
      message: Type.String({ maxLength: 2048 }),
      lastSeenAt: Nullable(Type.Integer({ minimum: 0 })),
    }),
  ]);
}

const FailedSection = Type.Object({
  kind: Type.Literal('failed'),
  failedAt: Type.Integer(),
  code: Type.String(),
  message: Type.String(),
  lastSeenAt: Nullable(Type.Integer()),
});
export type FailedSection = Static<typeof FailedSection>;
export type Section<T> = { kind: 'seen'; seenAt: number; value: T } | FailedSection;

/** The value of a section, or null when its observer failed. */
export function seen<T>(section: Section<T>): T | null {
  return section.kind === 'seen' ? section.value : null;
}
