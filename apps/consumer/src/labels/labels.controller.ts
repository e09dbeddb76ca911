import { setTimeout as sleep } from 'node:timers/promises';
import type { ParsedLabel } from '@fraud/contract';
import type { ConsumerConfig } from '@fraud/platform';
import { LabelIntake, ScoringMetrics } from '@fraud/service';
import { Controller, Inject, type OnModuleDestroy } from '@nestjs/common';
import { Ctx, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import type { KafkaMessage } from 'kafkajs';
import { CONSUMER_CONFIG } from '../consumer-config.js';
import { BATCHES, BatchContext } from '../kafka/batch-context.js';
import type { SliceAnswer } from '../kafka/slice-answer.js';
import { readLabelBatch } from './read-label-batch.js';

const AGAIN_MS = 250;

/** The door for batches of labels. What it answers is kept; where nothing can be kept, it waits. */
@Controller()
export class LabelsController implements OnModuleDestroy {
  private readonly closing = new AbortController();

  constructor(
    @Inject(LabelIntake) private readonly intake: LabelIntake,
    @Inject(ScoringMetrics) private readonly metrics: ScoringMetrics,
    @Inject(CONSUMER_CONFIG) private readonly config: ConsumerConfig,
  ) {}

  @MessagePattern(BATCHES.labels)
  async take(
    @Payload() messages: readonly KafkaMessage[],
    @Ctx() context: BatchContext,
  ): Promise<SliceAnswer> {
    const parse = this.intake.parse.bind(this.intake);
    const batch = readLabelBatch(
      messages,
      context.origin,
      (value) => parse(value),
      this.config.DEAD_LETTER_TOPIC,
    );
    await this.keep(batch.labels);
    for (const [code, count] of batch.dead) this.metrics.failed(code, count);
    return batch;
  }

  onModuleDestroy(): void {
    this.closing.abort();
  }

  /** A spool that is full gets room again: a label is not to blame for it, and no dead letter. */
  private async keep(labels: readonly ParsedLabel[]): Promise<void> {
    const { signal } = this.closing;
    while (!this.intake.take(labels)) {
      this.metrics.failed('records_unavailable', labels.length);
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      // Nothing of the slice is committed: it is read again, here or elsewhere.
      if (signal.aborted) throw new RpcException('stopped before the labels could be kept');
    }
  }
}
