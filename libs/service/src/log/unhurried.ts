import type { Writable } from 'node:stream';

/** So much waits at most for a reader that does not read. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * A log that decisions never wait for, and never end with: what a reader does not take waits in memory, up to a bound; beyond it
 * lines are dropped, and how many is written once there is room. (pino's own destination waits for a full pipe when the process
 * ends, for ever.)
 */
export class Unhurried {
  private dropped = 0;

  constructor(
    private readonly to: Pick<Writable, 'write' | 'writableLength' | 'on'>,
    private readonly mostWaiting = MOST_WAITING_BYTES,
  ) {
    // A reader that is gone takes nothing any more.
    to.on('error', () => undefined);
  }

  write(line: string): void {
    if (this.to.writableLength > this.mostWaiting) {
      this.dropped += 1;
      return;
    }
    if (this.dropped > 0) {
      const message = `${this.dropped} log lines were dropped: nobody read them`;
      this.to.write(`${JSON.stringify({ level: 'warn', time: new Date().toISOString(), message })}\n`);
      this.dropped = 0;
    }
    this.to.write(line);
  }
}
