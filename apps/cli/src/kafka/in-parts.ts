import type { OutgoingMessage } from '@fraud/platform';

/** What one request to the brokers takes at most: until it goes out, its messages wait in memory. */
export interface Part {
  readonly messages: number;
  readonly bytes: number;
}

/** Sends many messages in their order, in requests that are bounded in number and in bytes, one at a time. */
export class InParts {
  private waiting: OutgoingMessage[] = [];
  private bytes = 0;
  private sentSoFar = 0;

  constructor(
    private readonly most: Part,
    private readonly send: (messages: readonly OutgoingMessage[]) => Promise<void>,
  ) {}

  /** Messages that the brokers have. */
  get sent(): number {
    return this.sentSoFar;
  }

  /** Takes one more; where a request is full by then, it is sent. A message that is larger than any request goes alone. */
  async add(message: OutgoingMessage): Promise<void> {
    const bytes = message.value === null ? 0 : Buffer.byteLength(message.value);
    if (this.bytes + bytes > this.most.bytes) await this.flush();
    this.waiting.push(message);
    this.bytes += bytes;
    if (this.waiting.length >= this.most.messages) await this.flush();
  }

  /** Sends what waits. */
  async flush(): Promise<void> {
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    this.bytes = 0;
    await this.send(waiting);
    this.sentSoFar += waiting.length;
  }
}
