import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
}

type Schedule = (this: RequestQueue) => void;

const load = createRequire(import.meta.url);

/**
 * kafkajs 2.2.4 looks after its queue with a timer whose delay is negative while nothing waits and nobody
 * throttles; Node makes that one millisecond, so every connection wakes the process a thousand times a second, and Node
 * 24 and later warn of it. Only what waits or is throttled needs to be looked after.
 */
export function restRequestQueue(): void {
  const queue = load('kafkajs/src/network/requestQueue') as {
    prototype: { scheduleCheckPendingRequests: Schedule & { rests?: true } };
  };
  const { scheduleCheckPendingRequests: original } = queue.prototype;
  if (original.rests === true) return;
  const schedule: Schedule & { rests?: true } = function (this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
  schedule.rests = true;
  queue.prototype.scheduleCheckPendingRequests = schedule;
}
