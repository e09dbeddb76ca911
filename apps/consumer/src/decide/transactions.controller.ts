import type { ConsumerConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { ScoringMetrics } from '@fraud/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { KafkaMessage } from 'kafkajs';
import { CONSUMER_CONFIG } from '../consumer-config.js';
import { BATCHES, BatchContext } from '../kafka/batch-context.js';
import { decideBatch, type BatchAnswer, type Topics } from './decide-batch.js';

/** The door for batches of transactions. */
@Controller()
export class TransactionsController {
  private readonly topics: Topics;

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(ScoringMetrics) private readonly metrics: ScoringMetrics,
    @Inject(CONSUMER_CONFIG) config: ConsumerConfig,
  ) {
    this.topics = { decisions: config.DECISIONS_TOPIC, deadLetters: config.DEAD_LETTER_TOPIC };
  }

  @MessagePattern(BATCHES.transactions)
  async decide(
    @Payload() messages: readonly KafkaMessage[],
    @Ctx() context: BatchContext,
  ): Promise<BatchAnswer> {
    const answer = await decideBatch(messages, context.origin, this.engine, this.topics);
    for (const [code, count] of answer.dead) {
      // The pipeline has counted conflicts already.
      if (code !== 'transaction_conflict') this.metrics.failed(code, count);
    }
    return answer;
  }
}
