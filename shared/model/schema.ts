// Two shapes that every schema needs: one of a list of words, and a value that may be unknown. Unknown is always null,
// never a missing field, an empty list or a zero.
import { type TSchema, Type } from 'typebox';

/** A schema for one of `words`, typed as exactly these. */
export function OneOf<const Words extends readonly string[]>(
  words: Words,
  options: { description?: string } = {},
) {
  return Type.Unsafe<Words[number]>(
    Type.Union(
      words.map((word) => Type.Literal(word)),
      options,
    ),
  );
}

/** A schema for a value, or null where it is unknown or does not apply. */
export function Nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}
