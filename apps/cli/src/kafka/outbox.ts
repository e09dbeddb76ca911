import type { OutgoingMessage } from '@fraud/platform';

interface Posted {
  readonly message: OutgoingMessage;
  readonly failed: (error: unknown) => void;
}

/** Far below what a broker takes in one request, even if all go to one partition. */
const MOST_AT_ONCE = 1000;

/**
 * Sends what is posted in the same turn of the event loop together, in its order, one request at a time: two under
 * way at once could change places when the first is repeated, and with it the transactions of a card.
 */
export class Outbox {
  private posted: Posted[] = [];
  private sending = false;

  constructor(private readonly send: (messages: readonly OutgoingMessage[]) => Promise<void>) {}

  /** @param failed told when it cannot be sent */
  post(message: OutgoingMessage, failed: (error: unknown) => void): void {
    this.posted.push({ message, failed });
    if (this.sending) return;
    this.sending = true;
    setImmediate(() => void this.empty());
  }

  private async empty(): Promise<void> {
    while (this.posted.length > 0) {
      const batch = this.posted.splice(0, MOST_AT_ONCE);
      try {
        await this.send(batch.map(({ message }) => message));
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.sending = false;
  }
}
