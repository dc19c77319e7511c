// Pages of a list, PURE. A cursor names the last item that was shown and not a position, so that nothing is shown twice or
// left out when items come and go between two pages.
import { type Static, type TSchema, Type } from 'typebox';
import { MortarError } from '../../../shared/lib/errors.ts';
import { Nullable } from '../../../shared/model/schema.ts';

/** A page's length when none is asked for, and the greatest: some 500 kB of JSON. */
const defaultLimit = 100;
const maxLimit = 500;

export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maxLimit,
      description: `Items on the page; ${defaultLimit} if not given.`,
    }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 1024, description: '`next` of the page before.' })),
};

export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** A schema for one page of `item`s; `next` is the cursor of the next page, null on the last one. */
export function Page<T extends TSchema>(item: T) {
  return Type.Object({ items: Type.Array(item), next: Nullable(Type.String()) });
}

/**
 * The page of `items` that `query` asks for, in the order of their keys (compared by code unit), which must differ.
 * Throws MortarError('bad-input') for a cursor that is none.
 */
export function paginate<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  query: PageQuery,
): { items: T[]; next: string | null } {
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  const limit = query.limit ?? defaultLimit;
  const rest = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === null || key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ item }) => item),
    next: rest.length > limit && last !== undefined ? writeCursor(last.key) : null,
  };
}

/** A cursor that names `key`. */
export function writeCursor(key: string): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The key that a cursor names. Throws MortarError('bad-input') for what `writeCursor` did not write. */
export function readCursor(cursor: string): string {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (error) {
    throw new MortarError('bad-input', cursorAdvice, { cause: error });
  }
  if (typeof key !== 'string') throw new MortarError('bad-input', cursorAdvice);
  return key;
}

const cursorAdvice =
  'cursor is none that this API gave: pass "next" of the page before as it is, or nothing for the first page';

/** A key of several parts, which sorts by the first, then the next: no part may contain the separator. */
export function keyOfParts(...parts: readonly string[]): string {
  return parts.join('\u0000');
}

/** A schema for a count of something. */
export const Count = Type.Integer({ minimum: 0 });
/** A schema for bytes, ms or inodes that may be unknown. */
export const Amount = Nullable(Type.Number({ minimum: 0 }));
export type Amount = Static<typeof Amount>;
