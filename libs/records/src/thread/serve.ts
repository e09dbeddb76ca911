import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../database/open.js';
import { RecordsUnavailable, type RecordsStore } from '../store.js';
import { drainAll, type Drained } from './drain-all.js';
import type { Port, Report, Request, ThreadOptions } from './protocol.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;
const RETAIN_EVERY_MS = 3_600_000;

/**
 * The life of the thread: opens the database, as often as that takes; brings the spools to it; answers calls. Ends with `close`.
 */
export async function serve(port: Port, options: ThreadOptions): Promise<void> {
  const report = (message: Report): void => {
    port.postMessage(message);
  };
  let store: RecordsStore | null = null;
  const closing = new AbortController();
  let closeWithinMs = 0;
  port.on('message', (request: Request) => {
    if (request.kind === 'call') void answer(request, store, report);
    else {
      closeWithinMs = request.withinMs;
      closing.abort();
    }
  });
  store = await opened(options, closing.signal, report);
  if (store !== null) {
    const open = store;
    const retaining = setInterval(() => void retain(open, report), RETAIN_EVERY_MS);
    await retain(store, report);
    const drained: Drained = {
      closing: closing.signal,
      closeWithinMs: () => closeWithinMs,
      report,
    };
    await drainAll(store, options, drained);
    clearInterval(retaining);
    await store.close().catch(() => undefined);
  }
  report({ kind: 'closed' });
}

/** Null: it was closed before. */
async function opened(
  { database, retentionDays }: ThreadOptions,
  closing: AbortSignal,
  report: (message: Report) => void,
): Promise<RecordsStore | null> {
  for (let pause = FIRST_PAUSE_MS; !closing.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      const store = await openDatabase(database, { retentionDays });
      report({ kind: 'database', up: true, message: '' });
      return store;
    } catch (cause) {
      report({ kind: 'database', up: false, message: messageOf(cause) });
      await sleep(pause, undefined, { signal: closing }).catch(() => undefined);
    }
  }
  return null;
}

async function answer(
  { id, method, args }: Extract<Request, { kind: 'call' }>,
  store: RecordsStore | null,
  report: (message: Report) => void,
): Promise<void> {
  try {
    if (store === null) throw new RecordsUnavailable('the database is not open yet');
    const value = await (store[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
    report({ kind: 'result', id, value });
  } catch (cause) {
    const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
    report({ kind: 'failure', id, name, message });
  }
}

async function retain(store: RecordsStore, report: (message: Report) => void): Promise<void> {
  try {
    await store.retain(Date.now());
  } catch (cause) {
    report({ kind: 'database', up: false, message: `partitions: ${messageOf(cause)}` });
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
