import { RecordsUnavailable, type RecordsStore } from '../store.js';
import type { Report, Request } from './protocol.js';

const TIMEOUT_MS = 10_000;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Calls the store in the thread. Each call ends within ten seconds. */
export class RemoteCalls {
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;

  constructor(private readonly send: (request: Request) => void) {}

  /** The store, as if it were here; `close` does nothing: the thread closes it. */
  readonly store = new Proxy({} as RecordsStore, {
    get: (_, method) => {
      // A promise that resolves with this must not take it for another one.
      if (typeof method !== 'string' || method === 'then') return undefined;
      if (method === 'close') return () => Promise.resolve();
      return (...args: unknown[]) => this.call(method as never, args);
    },
  });

  answered(report: Extract<Report, { kind: 'result' | 'failure' }>): void {
    const call = this.waiting.get(report.id);
    if (call === undefined) return;
    this.waiting.delete(report.id);
    clearTimeout(call.timer);
    if (report.kind === 'result') call.resolve(report.value);
    else call.reject(errorOf(report));
  }

  /** The thread is gone: nothing more is answered. */
  end(): void {
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new RecordsUnavailable('the records are closed'));
    }
    this.waiting.clear();
  }

  private call(method: never, args: readonly unknown[]): Promise<unknown> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new RecordsUnavailable(`the database did not answer within ${TIMEOUT_MS / 1000} s`));
      }, TIMEOUT_MS);
      this.waiting.set(id, { resolve, reject, timer });
      this.send({ kind: 'call', id, method, args });
    });
  }
}

function errorOf({ name, message }: Extract<Report, { kind: 'failure' }>): Error {
  if (name === 'RecordsUnavailable') return new RecordsUnavailable(message);
  return name === 'RangeError' ? new RangeError(message) : new Error(message);
}
