/** Times of messages and decisions are whole milliseconds. */
const ROUNDING_MS = 2;

/**
 * Whether a decision is older than the transaction that it answers: it was stored when that was sent before. How old it
 * was when it was published is by the clock of the consumer alone, and the delay by the clock here, so they may differ.
 * @param decidedAt ISO 8601
 * @param publishedMs timestamp of its message, milliseconds since the epoch
 * @param delayMs from sending to now
 */
export function wasStored(decidedAt: string, publishedMs: number, delayMs: number): boolean {
  return publishedMs - Date.parse(decidedAt) > delayMs + ROUNDING_MS;
}
