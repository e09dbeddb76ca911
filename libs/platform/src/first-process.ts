import { constants } from 'node:os';

/**
 * To the first process of a container the kernel delivers no signal that it does not listen to: while it starts, and in tools, it
 * could only be killed. So one listens, and does what the kernel does elsewhere, unless somebody else has taken the signal over.
 */
export function endBySignals(pid = process.pid): void {
  if (pid !== 1) return;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
    });
  }
}
