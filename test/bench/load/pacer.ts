import { parentPort, workerData } from 'node:worker_threads';

// Timers of the event loop count whole milliseconds, five requests at 5,000 a second. A thread that sleeps in
// Atomics.wait wakes within some 60 µs and takes a few per cent of a core, where a busy loop would take all of one.

/** Shorter sleeps are lost in the kernel's timer slack; faster schedules send several requests a tick. */
const SHORTEST_TICK_MS = 0.1;

const {
  startEpochMs,
  interval,
  total,
  tickMs = SHORTEST_TICK_MS,
} = workerData as {
  startEpochMs: number;
  interval: number;
  total: number;
  tickMs?: number;
};
const never = new Int32Array(new SharedArrayBuffer(4));
const start = startEpochMs - performance.timeOrigin;
const end = start + total * interval;
const tick = Math.max(interval, tickMs);

for (let due = start; due < end + tick; due += tick) {
  const wait = due - performance.now();
  if (wait > 0) Atomics.wait(never, 0, 0, wait);
  parentPort!.postMessage(0);
}
