import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, Transaction } from '@fraud/contract';
import { inject } from 'vitest';
import { REPOSITORY } from '../cli.js';
import { proxyTo, type FaultProxy } from '../fault-proxy.js';
import { freePort } from '../free-port.js';
import { KafkaBench } from '../kafka.js';
import { writeModel } from '../model-directory.js';
import { writeModelVariant } from '../model-variant.js';
import { emptyPostgres } from '../postgres-database.js';
import { startApi, startConsumer, type ProductProcess } from '../product-process.js';
import { startPrometheus, type Prometheus } from '../prometheus.js';
import { emptyDatabase } from '../redis-database.js';
import { post } from '../transactions.js';
import { driftOf, referTo, type DriftModel } from '../drift-model.js';
import { until } from '../until.js';
import { Traffic } from './traffic.js';

const REDIS_DATABASE = 52;
const BATCH = 500;
/** Of the traffic, from its beginning: what the models were trained on, as their drift sees it. More than drift needs for a verdict. */
export const REFERENCE_ROWS = 1500;
const EVERY_MS = 100;
/** Each time, over HTTP and over Kafka. */
const SENT = { http: 3, kafka: 1 };
/** Log-odds that lift any score above all thresholds. */
const DECLINES_ALL = 12;
const GUARD = `
guard:
  window_seconds: 10
  least_decisions: 100
  clears_after_seconds: 1
  declines: { times_baseline: 3, least_share: 0.02, safe_mode: none }
  unscored: { most_share: 0.01, safe_mode: none }
`;

type Server = 'api' | 'rollout' | 'crowded' | 'consumer' | 'second';

/** An installation with everything that dashboards show: servers, what they stand on with ways to break it, and a Prometheus that watches. */
export class Installation {
  private readonly running = new Map<Server, ProductProcess>();
  readonly traffic = new Traffic();
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly endings: (() => void)[] = [];

  private constructor(
    private readonly directory: string,
    readonly redis: FaultProxy,
    readonly postgres: FaultProxy,
    readonly kafka: KafkaBench,
    private readonly ports: Readonly<Record<Server, number>>,
    readonly prometheus: Prometheus,
    private readonly shippedPolicy: string,
  ) {}

  static async start(): Promise<Installation> {
    const directory = await mkdtemp(path.join(tmpdir(), 'dashboards-'));
    const models = path.join(directory, 'models');
    const reference = referTo(await seenOf(new Traffic().next(REFERENCE_ROWS)));
    // What lies at MODEL_URI itself is chosen until somebody chooses.
    await writeModelVariant(models, 'v1', 0, reference);
    await writeModelVariant(path.join(models, 'v1'), 'v1', 0, reference);
    await writeModelVariant(path.join(models, 'v2'), 'v2', 0.5, reference);
    await writeModelVariant(path.join(models, 'v3'), 'v3', DECLINES_ALL, reference);
    await writeModel(path.join(models, 'broken'), { manifest: (m) => (m.bias += 0.001) });
    const ports = {
      api: await freePort(),
      rollout: await freePort(),
      crowded: await freePort(),
      consumer: await freePort(),
      second: await freePort(),
    };
    const at = (...names: Server[]): Record<string, string> =>
      Object.fromEntries(names.map((name) => [name, `127.0.0.1:${ports[name]}`]));
    const rules = await readFile(path.join(REPOSITORY, 'deploy/prometheus/recording.yaml'), 'utf8');
    const installation = new Installation(
      directory,
      await proxyTo(await emptyDatabase(inject('redisUrl'), REDIS_DATABASE)),
      await proxyTo(await emptyPostgres(inject('postgresUrl'), 'dashboards')),
      await KafkaBench.open(inject('kafkaBrokers'), 2),
      ports,
      await startPrometheus(
        {
          'fraud-detection-api': at('api', 'rollout', 'crowded'),
          'fraud-detection-consumer': at('consumer', 'second'),
        },
        [rules.replaceAll('interval: 5m', 'interval: 1s')],
      ),
      await readFile(path.join(REPOSITORY, 'config/policy.yaml'), 'utf8'),
    );
    try {
      await installation.policy({});
      await installation.rules('rules: []');
      for (const name of ['api', 'consumer', 'crowded'] as const) await installation.run(name);
      // A rate is of what comes after the first look.
      await until(async () => (await installation.prometheus.query('sum(up)'))[0]?.value === 3);
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  /** What a policy says instead of what it says else; `null`: it is not valid. */
  async policy(thresholds: Partial<Record<'step_up' | 'review' | 'decline', number>> | null): Promise<void> {
    const calm = (this.shippedPolicy.slice(0, this.shippedPolicy.indexOf('\nguard:')) + GUARD).replace(
      'when_full: answer',
      'when_full: refuse',
    );
    const changed = calm.replaceAll(
      /(step_up|review|decline): (0\.\d+)/g,
      (_, name: 'step_up', usual: string) => `${name}: ${thresholds?.[name] ?? usual}`,
    );
    await writeFile(this.policyFile, thresholds === null ? 'thresholds: { step_up: 2 }\n' : changed);
  }

  /** What analysts decide. */
  async rules(text: string): Promise<void> {
    await writeFile(this.rulesFile, text);
  }

  /** Starts one of the servers that Prometheus looks for. */
  async run(name: Server): Promise<void> {
    const { ports, policyFile, rulesFile, directory } = this;
    const shared = {
      PORT: String(ports[name]),
      CONSUMER_PORT: String(ports[name]),
      POLICY_FILE: policyFile,
      RULES_FILE: rulesFile,
      MODEL_URI: path.join(directory, 'models'),
      REDIS_URL: this.redis.url,
      REDIS_TIMEOUT_MS: '1000',
      // So that a Redis that is slow lets others wait, and one that hangs fills the pool.
      REDIS_MAX_IN_FLIGHT: '1',
    };
    const recorded = { DATABASE_URL: this.postgres.url, SPOOL_MAX_BYTES: String(2 ** 20) };
    const slices = { MAX_POLL_RECORDS: '50', PARTITIONS_CONCURRENTLY: '1' };
    const start: Readonly<Record<Server, () => Promise<ProductProcess>>> = {
      api: () => startApi({ ...shared, ...recorded }),
      rollout: () =>
        startApi({
          ...shared,
          MODEL_VERSION: 'v1',
          MODEL_SHADOW_VERSION: 'v2',
          MODEL_ROLLOUT: 'v3:50',
        }),
      // So little time that a few batches at once are too much.
      crowded: () => startApi({ PORT: shared.PORT, LATENCY_BUDGET_MS: '1' }),
      consumer: () => startConsumer({ ...shared, ...recorded, ...slices, ...this.kafka.env }),
      second: () => startConsumer({ ...shared, ...this.kafka.env }),
    };
    this.running.set(name, await start[name]());
  }

  async end(name: Server): Promise<void> {
    await this.running.get(name)?.stop();
    this.running.delete(name);
  }

  /** Sends transactions to the API and into Kafka from now on. */
  flow(): void {
    const timer = setInterval(() => {
      for (const transaction of this.traffic.next(SENT.http))
        this.aside(this.post('api', '/v1/decisions', transaction).then((answer) => answer.text()));
      this.aside(this.produce(SENT.kafka));
    }, EVERY_MS);
    this.endings.push(() => {
      clearInterval(timer);
    });
  }

  /** Something that goes on beside; where it fails, a stimulus wants it to. */
  aside(work: Promise<unknown>): void {
    const done = work.catch(() => undefined).finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }

  async produce(count: number): Promise<void> {
    await this.send(this.traffic.next(count).map((t) => ({ key: t.card_id, value: JSON.stringify(t) })));
  }

  /** Messages as they are. */
  send(messages: readonly { readonly key: string; readonly value: string }[]): Promise<void> {
    return this.kafka.produce(messages);
  }

  /** Decides so many as batches. */
  async decide(transactions: readonly Transaction[], name: Server = 'api'): Promise<readonly Decision[]> {
    const decisions: Decision[] = [];
    for (let from = 0; from < transactions.length; from += BATCH) {
      const answer = await this.post(name, '/v1/decisions/batch', {
        transactions: transactions.slice(from, from + BATCH),
      });
      const { decisions: some = [] } = (await answer.json()) as { decisions?: Decision[] };
      decisions.push(...some);
    }
    return decisions;
  }

  post(name: Server, route: string, body: unknown): Promise<Response> {
    return post(this.url(name) + route, body);
  }

  async stop(): Promise<void> {
    this.redis.heal();
    this.postgres.heal();
    for (const end of this.endings) end();
    await Promise.all(this.underWay);
    await Promise.all([...this.running.keys()].map((name) => this.end(name)));
    await this.prometheus.stop();
    await this.kafka.close();
    await this.redis.close();
    await this.postgres.close();
    await rm(this.directory, { recursive: true });
  }

  private get policyFile(): string {
    return path.join(this.directory, 'policy.yaml');
  }

  private get rulesFile(): string {
    return path.join(this.directory, 'rules.yaml');
  }

  private url(name: Server): string {
    return `http://127.0.0.1:${this.ports[name]}`;
  }
}

/** What an instance with the shipped model sees of traffic. */
async function seenOf(transactions: readonly Transaction[]): Promise<DriftModel> {
  const one = await startApi();
  for (let from = 0; from < transactions.length; from += BATCH) {
    const answer = await post(`${one.url}/v1/decisions/batch`, {
      transactions: transactions.slice(from, from + BATCH),
    });
    await answer.text();
  }
  const seen = await driftOf(one);
  await one.stop();
  return seen;
}
