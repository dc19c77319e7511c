// JSON that comes back from a database is input like any other: it is checked against its schema before it is used.
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { MortarError } from '../../shared/lib/errors.ts';

/**
 * A reader of stored JSON of one schema; `complete` may add what an older version wrote without. It throws MortarError('store-unavailable') naming `what` was read and the first thing
 * that does not fit.
 */
export function readerOf<T extends TSchema>(
  schema: T,
  complete: (stored: unknown) => unknown = (stored) => stored,
): (text: string, what: string) => Static<T> {
  const validator = Compile(schema);
  return (text, what) => {
    const value = complete(parse(text, what));
    if (validator.Check(value)) return value as Static<T>;
    const [first] = validator.Errors(value);
    throw new MortarError(
      'store-unavailable',
      `${what} does not fit this version of Mortar: ${first?.instancePath || '/'} ${first?.message ?? 'is wrong'}; restore the database from a backup, or install the version that wrote it`,
    );
  };
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MortarError('store-unavailable', `${what} is not JSON; restore the database from a backup`, {
      cause: error,
    });
  }
}
