// Does something with each of many, a few at a time: one after another would add up what each may take, and all at once
// would take every thread.

/** What `work` resolves to for each of `items`, in their order, at most `limit` of them at a time. Throws the first error. */
export async function mapAtMost<T, R>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  // One iterator for all workers: each takes the next item that nobody has.
  const rest = items.entries();
  const worker = async () => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
