/** The first so many of some items; no more are read than that. */
export async function* takeSome<T>(items: AsyncIterable<T>, most: number): AsyncIterable<T> {
  let left = most;
  if (left <= 0) return;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}
