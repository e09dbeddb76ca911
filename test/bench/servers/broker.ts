import { join } from 'node:path';
import { openKafka } from '@fraud/platform';
import type { Kafka } from 'kafkajs';
import { startServices } from '../../../scripts/lib/services/for-tests.mjs';

/** A private Kafka broker, without data of an earlier run. */
export class Broker {
  readonly address: string;
  readonly client: Kafka;
  /** Null where a container hides it. */
  readonly pid: number | null;
  readonly stop: () => Promise<void>;

  private constructor(address: string, pid: number | null, stop: () => Promise<void>) {
    this.address = address;
    this.pid = pid;
    this.stop = stop;
    this.client = openKafka({ brokers: address.split(','), tls: null, sasl: null }, () => undefined);
  }

  /** @param directory gets its log, its state and its data */
  static async start(directory: string): Promise<Broker> {
    const { urls, pids, stop } = await startServices(['kafka'], join(directory, 'broker'));
    return new Broker(urls['kafka']!, pids['kafka']?.[0] ?? null, stop);
  }
}
