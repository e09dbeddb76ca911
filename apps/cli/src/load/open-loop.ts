import { setTimeout as sleep } from 'node:timers/promises';

export interface LoadOptions {
  /** Sends a second; 0 = the next as soon as one of `workers` is free. */
  readonly tps: number;
  readonly durationMs: number;
  /** Sends under way at once where `tps` is 0. */
  readonly workers: number;
  /** Stops sending; what is under way is finished. */
  readonly signal: AbortSignal;
  /** Most sends under way at a constant rate; beyond it they are counted as shed. Default 20,000. */
  readonly maxUnderWay?: number;
}

export interface LoadResult {
  readonly sent: number;
  /** Due, but not sent because too many were under way: the server was far behind. */
  readonly shed: number;
  /** From the first to the last send. */
  readonly sendingMs: number;
  /** The items ran out before the time. */
  readonly exhausted: boolean;
}

/**
 * Sends items at a constant rate, whatever the answers do (open loop). `send` is given the moment at which the item
 * was due (`performance.now()`): latency that is measured from there includes the time that an item waited because
 * earlier ones were slow, which a closed loop would leave out (coordinated omission).
 */
export async function runLoad<T>(
  items: Iterator<T, unknown>,
  send: (item: T, dueMs: number) => Promise<void>,
  options: LoadOptions,
): Promise<LoadResult> {
  const ready = oneAhead(items);
  return options.tps > 0 ? await constantRate(ready, send, options) : await flatOut(ready, send, options);
}

/** The first item is made before the clock starts: a simulation builds its whole population for it. */
function oneAhead<T>(items: Iterator<T, unknown>): Iterator<T, unknown> {
  let ahead = items.next();
  return {
    next() {
      const item = ahead;
      if (item.done !== true) ahead = items.next();
      return item;
    },
  };
}

async function constantRate<T>(
  items: Iterator<T, unknown>,
  send: (item: T, dueMs: number) => Promise<void>,
  { tps, durationMs, signal, maxUnderWay = 20_000 }: LoadOptions,
): Promise<LoadResult> {
  const underWay = new Set<Promise<void>>();
  const start = performance.now();
  const wanted = Math.round((tps * durationMs) / 1000);
  let sent = 0;
  let shed = 0;
  let exhausted = false;
  while (!signal.aborted && !exhausted && sent + shed < wanted) {
    const now = performance.now();
    const due = Math.min(wanted, Math.floor(((now - start) * tps) / 1000) + 1);
    while (sent + shed < due) {
      if (underWay.size >= maxUnderWay) {
        shed++;
        continue;
      }
      const item = items.next();
      if (item.done === true) {
        exhausted = true;
        break;
      }
      const sending = send(item.value, start + ((sent + shed) * 1000) / tps).finally(() =>
        underWay.delete(sending),
      );
      underWay.add(sending);
      sent++;
    }
    const nextMs = start + ((sent + shed) * 1000) / tps - performance.now();
    await sleep(Math.min(Math.max(nextMs, 1), 100));
  }
  const sendingMs = performance.now() - start;
  await Promise.all(underWay);
  return { sent, shed, sendingMs, exhausted };
}

async function flatOut<T>(
  items: Iterator<T, unknown>,
  send: (item: T, dueMs: number) => Promise<void>,
  { durationMs, workers, signal }: LoadOptions,
): Promise<LoadResult> {
  const start = performance.now();
  let sent = 0;
  let sendingMs = 0;
  let exhausted = false;
  const worker = async (): Promise<void> => {
    while (!signal.aborted && !exhausted && performance.now() - start < durationMs) {
      const item = items.next();
      if (item.done === true) {
        exhausted = true;
        return;
      }
      sent++;
      const now = performance.now();
      sendingMs = now - start;
      await send(item.value, now);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return { sent, shed: 0, sendingMs, exhausted };
}
