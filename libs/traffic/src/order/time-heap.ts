/** Something that waits for its event time. */
export interface Timed {
  /** Event time, milliseconds since the epoch. */
  at: number;
  /** Breaks ties: the lower goes first. */
  readonly order: number;
}

/** Binary min-heap over event time; ties leave in the order of `order`, so a merge is stable. */
export class TimeHeap<T extends Timed> {
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  /** The earliest item, undefined when empty. */
  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const { items } = this;
    let i = items.length;
    items.push(item);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = items[parent]!;
      if (!before(item, above)) break;
      items[i] = above;
      i = parent;
    }
    items[i] = item;
  }

  /** Removes and returns the earliest item. */
  pop(): T | undefined {
    const top = this.items[0];
    const last = this.items.pop();
    if (last !== undefined && this.items.length > 0) this.sink(last);
    return top;
  }

  /** Restores the order after the earliest item was given a later time: cheaper than pop and push. */
  delayTop(): void {
    const top = this.items[0];
    if (top !== undefined) this.sink(top);
  }

  private sink(item: T): void {
    const { items } = this;
    const half = items.length >> 1;
    let i = 0;
    while (i < half) {
      let child = 2 * i + 1;
      let below = items[child]!;
      const right = items[child + 1];
      if (right !== undefined && before(right, below)) {
        child++;
        below = right;
      }
      if (!before(below, item)) break;
      items[i] = below;
      i = child;
    }
    items[i] = item;
  }
}

function before(a: Timed, b: Timed): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
