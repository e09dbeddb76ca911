/** A stop that takes longer than draining and this is ended: Ctrl-C must work within five seconds. */
const STOP_WITHIN_MS = 4000;

/** Ends the process by force where a stop takes too long; SIGINT does not drain. */
export function stopInTime(drainMs: number): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), (signal === 'SIGINT' ? 0 : drainMs) + STOP_WITHIN_MS).unref();
    });
  }
}
