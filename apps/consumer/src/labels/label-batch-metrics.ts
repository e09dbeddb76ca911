import { METRICS, type ConsumerConfig } from '@fraud/platform';
import { Readiness } from '@fraud/service';
import { Inject, Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { KafkaMessage } from 'kafkajs';
import type { Counter } from 'prom-client';
import { CONSUMER_CONFIG } from '../consumer-config.js';
import type { BatchObserver } from '../kafka/batch-strategy.js';
import type { SliceAnswer } from '../kafka/slice-answer.js';
import { TopicGauges, TopicMember } from '../kafka/topic-member.js';

/** Turns what happens to the topic of labels into metrics. Decisions do not wait for labels: without its topic the process is ready. */
@Injectable()
export class LabelBatchMetrics implements BatchObserver<SliceAnswer> {
  readonly member: TopicMember;

  constructor(
    @InjectMetric(METRICS.kafkaDeadLetters.name) private readonly deadLetters: Counter,
    @Inject(CONSUMER_CONFIG) config: ConsumerConfig,
    @Inject(TopicGauges) gauges: TopicGauges,
    @Inject(Readiness) readiness: Readiness,
  ) {
    const topic = config.LABELS_TOPIC;
    this.member = new TopicMember({ topic, check: 'kafka_labels', required: false }, gauges, readiness);
  }

  answered(_: readonly KafkaMessage[], { dead }: SliceAnswer): void {
    for (const [code, count] of dead) this.deadLetters.inc({ code }, count);
  }
}
