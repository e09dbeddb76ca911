import type { ConsumerConfig } from '@fraud/platform';
import { LabelIntake, ScoringMetrics } from '@fraud/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { KafkaMessage } from 'kafkajs';
import { CONSUMER_CONFIG } from '../consumer-config.js';
import { BATCHES, BatchContext } from '../kafka/batch-context.js';
import type { PutOff, SliceAnswer } from '../kafka/slice-answer.js';
import { readLabelBatch } from './read-label-batch.js';

/** The door for batches of labels. What it answers is kept; where nothing can be kept, it waits. */
@Controller()
export class LabelsController {
  constructor(
    @Inject(LabelIntake) private readonly intake: LabelIntake,
    @Inject(ScoringMetrics) private readonly metrics: ScoringMetrics,
    @Inject(CONSUMER_CONFIG) private readonly config: ConsumerConfig,
  ) {}

  @MessagePattern(BATCHES.labels)
  take(@Payload() messages: readonly KafkaMessage[], @Ctx() context: BatchContext): SliceAnswer | PutOff {
    const parse = this.intake.parse.bind(this.intake);
    const batch = readLabelBatch(messages, context.origin, (value) => parse(value), {
      deadLetters: this.config.DEAD_LETTER_TOPIC,
      mostBytes: this.config.BODY_LIMIT_BYTES,
    });
    // A spool that is full gets room again: a label is not to blame for it, and no dead letter.
    if (!this.intake.take(batch.labels)) {
      this.metrics.failed('records_unavailable', batch.labels.length);
      return { putOff: 'records_unavailable' };
    }
    for (const [code, count] of batch.dead) this.metrics.failed(code, count);
    return batch;
  }
}
