import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startConsumer, type ProductProcess } from './product-process.js';
import { sample } from './transactions.js';
import { until } from './until.js';

const SHARED_WITHIN_MS = 60_000;

/** Consumers of one group, by number; each keeps its directory when it dies, as a process does on its machine. */
export class ConsumerGroup {
  private env: Record<string, string> = {};
  private readonly directory = mkdtempSync(path.join(tmpdir(), 'fraud-consumers-'));
  /** Of all that were ever started. */
  private readonly numbers = new Set<number>();
  private readonly running = new Map<number, ProductProcess>();

  /** Those that are started from now on have this environment. */
  use(env: Record<string, string>): void {
    this.env = env;
  }

  async start(number: number): Promise<void> {
    const data = path.join(this.directory, String(number));
    this.numbers.add(number);
    this.running.set(number, await startConsumer({ ...this.env, DATA_DIR: data }));
  }

  /**
   * Resolves when each has its part of so many partitions.
   * @throws where one has not after a minute, with what it says
   */
  async share(partitions: number): Promise<void> {
    const each = partitions / this.running.size;
    const givenUpAt = performance.now() + SHARED_WITHIN_MS;
    for (const { url } of this.running.values())
      await until(async () => {
        const said = await (await fetch(`${url}/ready`)).text();
        if (performance.now() > givenUpAt)
          throw new Error(`not ${each} of ${partitions} partitions: ${said}`);
        const { checks } = JSON.parse(said) as { checks: { kafka: { partitions?: number } } };
        return checks.kafka.partitions === each;
      });
  }

  async kill(number: number): Promise<void> {
    await this.end(number, 'SIGKILL');
  }

  /** @throws where it does not end cleanly */
  async stop(number: number): Promise<void> {
    const code = await this.end(number, 'SIGTERM');
    if (code !== 0) throw new Error(`consumer ${number} ended with ${code}`);
  }

  /** Resolves when it has ended by itself. */
  async ended(number: number): Promise<void> {
    const { process: child } = this.running.get(number)!;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    this.running.delete(number);
  }

  /** Starts those again that are down, since what they have spooled is theirs to bring; resolves when all is in the records. */
  async recordAll(): Promise<void> {
    for (const number of this.numbers) if (!this.running.has(number)) await this.start(number);
    for (const { url } of this.running.values())
      await until(async () => {
        const page = await (await fetch(`${url}/metrics`)).text();
        return sample(page, 'fraud_spool_bytes') === 0;
      });
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.running.keys()].map((number) => this.stop(number)));
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.running.keys()].map((number) => this.kill(number)));
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async end(number: number, signal: NodeJS.Signals): Promise<number | null> {
    const consumer = this.running.get(number);
    if (consumer === undefined) return 0;
    this.running.delete(number);
    return (await consumer.stop(signal)).code;
  }
}
