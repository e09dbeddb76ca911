import { METRICS, type ConsumerConfig } from '@fraud/platform';
import { Readiness } from '@fraud/service';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { KafkaMessage } from 'kafkajs';
import type { Counter, Gauge, Histogram } from 'prom-client';
import { CONSUMER_CONFIG } from '../consumer-config.js';
import type { BatchAnswer } from '../decide/decide-batch.js';
import type { BatchObserver } from '../kafka/batch-strategy.js';
import type { Lags } from '../kafka/lag.js';

/** Turns what happens at Kafka's side into metrics, log lines and readiness. */
@Injectable()
export class KafkaMetrics implements BatchObserver {
  private readonly logger = new Logger('Kafka');
  private readonly topic: string;
  private member = false;
  private reason = 'joining the group';
  private assigned: readonly number[] = [];
  private onJoined: (partitions: readonly number[]) => void = () => undefined;
  private onCommitted: (partition: number, nextOffset: bigint) => void = () => undefined;

  constructor(
    @InjectMetric(METRICS.kafkaMessages.name) private readonly messages: Counter,
    @InjectMetric(METRICS.kafkaBatch.name) private readonly batch: Histogram,
    @InjectMetric(METRICS.kafkaBatchLatency.name) private readonly batchLatency: Histogram,
    @InjectMetric(METRICS.kafkaDelay.name) private readonly delay: Histogram,
    @InjectMetric(METRICS.kafkaDeadLetters.name) private readonly deadLetters: Counter,
    @InjectMetric(METRICS.kafkaLag.name) private readonly lag: Gauge,
    @InjectMetric(METRICS.kafkaAssigned.name) private readonly assignedGauge: Gauge,
    @InjectMetric(METRICS.kafkaRebalances.name) private readonly rebalances: Counter,
    @InjectMetric(METRICS.kafkaResent.name) private readonly resentCounter: Counter,
    @Inject(CONSUMER_CONFIG) config: ConsumerConfig,
    @Inject(Readiness) readiness: Readiness,
  ) {
    this.topic = config.TRANSACTIONS_TOPIC;
    readiness.register('kafka', () =>
      this.member
        ? { ready: true, topic: this.topic, partitions: this.assigned.length }
        : { ready: false, topic: this.topic, reason: this.reason },
    );
    for (const result of ['decided', 'replayed', 'dead_letter']) messages.inc({ result }, 0);
    this.assignedGauge.set({ topic: this.topic }, 0);
  }

  /** Who else wants to know of assignments and commits. */
  tell(
    onJoined: (partitions: readonly number[]) => void,
    onCommitted: (partition: number, nextOffset: bigint) => void,
  ): void {
    this.onJoined = onJoined;
    this.onCommitted = onCommitted;
  }

  joined(partitions: readonly number[]): void {
    this.member = true;
    this.rebalances.inc();
    this.assign(partitions);
    this.logger.log(`joined the group: partitions ${partitions.join(', ') || 'none'} of ${this.topic}`);
  }

  committed(partition: number, nextOffset: bigint): void {
    this.onCommitted(partition, nextOffset);
  }

  left(): void {
    this.member = false;
    this.assign([]);
  }

  answered(messages: readonly KafkaMessage[], answer: BatchAnswer, startedAt: number): void {
    const now = Date.now();
    this.batch.observe(messages.length);
    this.batchLatency.observe((performance.now() - startedAt) / 1000);
    for (const { timestamp } of messages) this.delay.observe(Math.max(0, now - Number(timestamp)) / 1000);
    if (answer.decided > 0) this.messages.inc({ result: 'decided' }, answer.decided);
    if (answer.replayed > 0) this.messages.inc({ result: 'replayed' }, answer.replayed);
    for (const [code, count] of answer.dead) {
      this.messages.inc({ result: 'dead_letter' }, count);
      this.deadLetters.inc({ code }, count);
    }
  }

  failed(reason: string): void {
    this.member = false;
    this.reason = reason;
    this.logger.warn(`not a member of the group, trying again: ${explain(reason, this.topic)}`);
  }

  resent(count: number): void {
    this.resentCounter.inc(count);
  }

  lags(lags: Lags): void {
    for (const [partition, lag] of lags)
      this.lag.set({ topic: this.topic, partition: String(partition) }, lag);
  }

  private assign(partitions: readonly number[]): void {
    this.assigned = partitions;
    // A partition that has gone elsewhere is no longer ours to report.
    this.lag.reset();
    this.assignedGauge.set({ topic: this.topic }, partitions.length);
    this.onJoined(partitions);
  }
}

function explain(reason: string, topic: string): string {
  return /does not host this topic|UNKNOWN_TOPIC/i.test(reason)
    ? `${reason} Is there a topic ${topic}? \`npm run topics\` creates it.`
    : reason;
}
