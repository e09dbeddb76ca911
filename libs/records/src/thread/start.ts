import { MessageChannel, Worker } from 'node:worker_threads';
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

/** In the calling thread, on the same code: for where there is no built one to start. */
export function startHere(serve: (port: MessagePortOf, options: ThreadOptions) => Promise<void>): Start {
  return (options) => {
    const { port1, port2 } = new MessageChannel();
    const life = serve(port2, options);
    return {
      post: (request) => {
        port1.postMessage(request);
      },
      listen: (hear, died) => {
        port1.on('message', hear);
        void life.catch(died);
      },
      end: async () => {
        await life;
        port1.close();
      },
    };
  };
}

type MessagePortOf = MessageChannel['port1'];
