// Assertions: what must hold whatever the outside world does. A failed one is a bug in Mortar and ends the
// process (systemd starts it again); input from outside is never checked with these.

export class AssertionError extends Error {
  override name = 'AssertionError';
}

/** Throws an AssertionError with `message` unless `condition` holds; narrows the type of what was tested. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Ends a switch over a tagged union: a case that was forgotten is a type error, and throws if it happens all the same. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}

/** `value`, which must not be null or undefined; `what` names it in the assertion. */
export function present<T>(value: T | null | undefined, what: string): T {
  assert(value !== null && value !== undefined, `${what} must be present`);
  return value;
}
