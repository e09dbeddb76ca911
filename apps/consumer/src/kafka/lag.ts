import type { Admin, Kafka } from 'kafkajs';
import { topicOffsets } from '@fraud/platform';

/** Messages behind what is committed, by partition. */
export type Lags = ReadonlyMap<number, number>;

/** Watches how far the assigned partitions are behind. What is committed is noted as it happens, the ends are asked for. */
export class LagWatch {
  private readonly admin: Admin;
  private readonly committed = new Map<number, bigint | null>();

  constructor(
    kafka: Kafka,
    private readonly groupId: string,
    private readonly topic: string,
  ) {
    this.admin = kafka.admin({ retry: { retries: 1 } });
  }

  /** From now on it watches these partitions, and no others. */
  watch(partitions: readonly number[]): void {
    this.committed.clear();
    for (const partition of partitions) this.committed.set(partition, null);
  }

  note(partition: number, nextOffset: bigint): void {
    if (this.committed.has(partition)) this.committed.set(partition, nextOffset);
  }

  /** @throws where the brokers are not there */
  async look(): Promise<Lags> {
    const lags = new Map<number, number>();
    await this.admin.connect();
    await this.learn();
    for (const { partition, high, low } of await topicOffsets(this.admin, this.topic)) {
      if (!this.committed.has(partition)) continue;
      // Nothing committed yet: everything that is there is still to be done.
      const done = this.committed.get(partition) ?? BigInt(low);
      lags.set(partition, Math.max(0, Number(BigInt(high) - (done > BigInt(low) ? done : BigInt(low)))));
    }
    return lags;
  }

  async close(): Promise<void> {
    await this.admin.disconnect().catch(() => undefined);
  }

  /** What members before this one committed. */
  private async learn(): Promise<void> {
    if (![...this.committed.values()].includes(null)) return;
    const [offsets] = await this.admin.fetchOffsets({ groupId: this.groupId, topics: [this.topic] });
    for (const { partition, offset } of offsets?.partitions ?? []) {
      if (this.committed.get(partition) === null && BigInt(offset) >= 0n)
        this.note(partition, BigInt(offset));
    }
  }
}
