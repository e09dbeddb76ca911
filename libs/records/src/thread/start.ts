import { Worker } from 'node:worker_threads';
import type { Report, Request, ThreadOptions } from './protocol.js';

/** The thread, from outside. */
export interface Thread {
  post(request: Request): void;
  /** @param died the thread is gone, without having said so */
  listen(hear: (report: Report) => void, died: () => void): void;
  end(): Promise<void>;
}

/** Starts what brings the spool to the database. */
export type Start = (options: ThreadOptions) => Thread;

/** In a thread of its own, so that the database costs the event loop nothing. */
export const startThread: Start = (options) => {
  const worker = new Worker(new URL('worker.js', import.meta.url), { workerData: options });
  return {
    post: (request) => {
      worker.postMessage(request);
    },
    listen: (hear, died) => {
      worker.on('message', hear);
      worker.on('error', (cause) => {
        hear({ kind: 'database', up: false, message: `the thread of the records failed: ${String(cause)}` });
      });
      worker.on('exit', died);
    },
    end: async () => {
      await worker.terminate();
    },
  };
};
