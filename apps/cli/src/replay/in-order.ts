/**
 * Starts the work on each item in turn, with so many under way at once, and gives items and results in the order of the
 * items.
 * @param most of items under way
 * @param ended asked behind each item: take no more
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  most: number,
  work: (item: T) => Promise<R>,
  ended: () => boolean,
): AsyncGenerator<readonly [T, R], void> {
  const underWay: { readonly item: T; readonly result: Promise<R> }[] = [];
  for await (const item of items) {
    const result = work(item);
    // Awaited below; until then a failure is not unhandled.
    result.catch(() => undefined);
    underWay.push({ item, result });
    while (underWay.length >= most) yield await first(underWay);
    if (ended()) break;
  }
  while (underWay.length > 0) yield await first(underWay);
}

async function first<T, R>(underWay: { item: T; result: Promise<R> }[]): Promise<readonly [T, R]> {
  const { item, result } = underWay.shift()!;
  return [item, await result];
}
