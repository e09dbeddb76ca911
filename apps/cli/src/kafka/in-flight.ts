import { randomBytes } from 'node:crypto';

/** `00-<trace id>-<parent id>-<flags>`, https://www.w3.org/TR/trace-context/ */
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;
/** Not sampled: it tells the messages of a run apart and is nothing to record. */
const REST = '-0000000000000001-00';

/**
 * What was sent and has no answer yet. Each message has a trace id of its own, which goes on with its decision or its
 * dead letter: so a message that has no readable transaction id finds its answer too, and answers to another run with
 * the same ids are not taken for answers to this one.
 */
export class InFlight<T> {
  private readonly run = randomBytes(8).toString('hex');
  private readonly waiting = new Map<string, T>();
  private sent = 0;

  get size(): number {
    return this.waiting.size;
  }

  /** @returns the `traceparent` header of the message */
  add(entry: T): string {
    this.sent++;
    const trace = this.run + this.sent.toString(16).padStart(16, '0');
    this.waiting.set(trace, entry);
    return `00-${trace}${REST}`;
  }

  /** What an answer belongs to; undefined where it answers nothing that waits: other traffic, or a second answer. */
  take(traceparent: string | undefined): T | undefined {
    const trace = TRACEPARENT.exec(traceparent ?? '')?.[1];
    if (trace === undefined) return undefined;
    const entry = this.waiting.get(trace);
    this.waiting.delete(trace);
    return entry;
  }

  takeAll(): T[] {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    return all;
  }
}
