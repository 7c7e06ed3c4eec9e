/**
 * Works on items with a bounded number of them under way. Items are taken one at a time as work ends, so that a long input
 * is never held whole. The first failure ends the taking of items, and is thrown when the work under way has ended.
 */
export const forEachAtOnce = async <T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  // An async generator queues concurrent calls of next(), so the workers can share it.
  const shared = (async function* () {
    yield* items;
  })();
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed) {
      const next = await shared.next();
      if (next.done === true) return;
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: limit }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
};
