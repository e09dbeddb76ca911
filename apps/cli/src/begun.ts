/**
 * The same items, of which the first is made now and not when it is asked for: a simulation builds its whole
 * population for it, and as long as that takes no signal handler runs.
 */
export function begun<T>(items: Iterator<T, unknown>): Iterable<T> {
  const first = items.next();
  return (function* () {
    for (let item = first; item.done !== true; item = items.next()) yield item.value;
  })();
}
