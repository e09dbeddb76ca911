import { ERRORS } from '@fraud/contract';
import { METRICS, type ConsumerConfig } from '@fraud/platform';
import { Readiness } from '@fraud/service';
import { Inject, Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { KafkaMessage } from 'kafkajs';
import type { Counter, Histogram } from 'prom-client';
import { CONSUMER_CONFIG } from '../consumer-config.js';
import type { BatchAnswer } from '../decide/decide-batch.js';
import type { BatchObserver } from '../kafka/batch-strategy.js';
import { TopicGauges, TopicMember } from '../kafka/topic-member.js';

/** Turns what happens to the topic of transactions into metrics. */
@Injectable()
export class KafkaMetrics implements BatchObserver<BatchAnswer> {
  readonly member: TopicMember;

  constructor(
    @InjectMetric(METRICS.kafkaMessages.name) private readonly messages: Counter,
    @InjectMetric(METRICS.kafkaBatch.name) private readonly batch: Histogram,
    @InjectMetric(METRICS.kafkaBatchLatency.name) private readonly batchLatency: Histogram,
    @InjectMetric(METRICS.kafkaDelay.name) private readonly delay: Histogram,
    @InjectMetric(METRICS.kafkaDeadLetters.name) private readonly deadLetters: Counter,
    @InjectMetric(METRICS.kafkaResent.name) private readonly resentCounter: Counter,
    @Inject(CONSUMER_CONFIG) config: ConsumerConfig,
    @Inject(TopicGauges) gauges: TopicGauges,
    @Inject(Readiness) readiness: Readiness,
  ) {
    const topic = config.TRANSACTIONS_TOPIC;
    this.member = new TopicMember({ topic, check: 'kafka', required: true }, gauges, readiness);
    for (const result of ['decided', 'replayed', 'dead_letter']) messages.inc({ result }, 0);
    // An increase needs the series before its first message.
    for (const [code, { status }] of Object.entries(ERRORS))
      // What the engine itself gets wrong is put aside, too.
      if ((status >= 400 && status < 500) || code === 'internal_error') deadLetters.inc({ code }, 0);
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

  resent(count: number): void {
    this.resentCounter.inc(count);
  }
}
