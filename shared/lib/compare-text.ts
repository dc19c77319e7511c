// The one order that texts are sorted by: code units, as `<` compares strings. Never localeCompare, whose answer depends
// on the machine's locale, so that the same state gives the same plan everywhere.

/** Negative when `a` comes first, positive when `b` does, 0 when they are the same text. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A copy of `items` in the order of the text that `textOf` gives for each. */
export function sortedByText<T>(items: Iterable<T>, textOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => compareText(textOf(a), textOf(b)));
}

/** The values of `map` in the order of their keys: a map remembers in which order it was filled, what is made of it must not. */
export function valuesByKey<K extends string, V>(map: ReadonlyMap<K, V>): V[] {
  return sortedByText(map, ([key]) => key).map(([, value]) => value);
}
