import type { ConsumerConfig, Tracing } from '@fraud/platform';
import type { Records } from '@fraud/records';
import { Engine } from '@fraud/scoring';
import { ScoringMetrics } from '@fraud/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { KafkaMessage } from 'kafkajs';
import { CONSUMER_CONFIG, TRACING } from '../consumer-config.js';
import { BATCHES, BatchContext } from '../kafka/batch-context.js';
import type { BatchRules } from '../kafka/batch-rules.js';
import type { PutOff } from '../kafka/slice-answer.js';
import { decideBatch, type BatchAnswer } from './decide-batch.js';
import { traceBatch } from './trace-batch.js';

/** Part of the bound of the spool that stays free for the answers of what is under way. Messages can wait at the broker, and lose nothing by it. */
const FREE = 0.1;

const isAlmostFull = ({ waitingBytes, limitBytes }: Records): boolean =>
  waitingBytes > (1 - FREE) * limitBytes;

/** The door for batches of transactions. */
@Controller()
export class TransactionsController {
  private readonly rules: BatchRules;

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(ScoringMetrics) private readonly metrics: ScoringMetrics,
    @Inject(CONSUMER_CONFIG) config: ConsumerConfig,
    @Inject(TRACING) private readonly tracing: Tracing | null,
  ) {
    this.rules = {
      decisions: config.DECISIONS_TOPIC,
      deadLetters: config.DEAD_LETTER_TOPIC,
      mostBytes: config.BODY_LIMIT_BYTES,
    };
  }

  @MessagePattern(BATCHES.transactions)
  async decide(
    @Payload() messages: readonly KafkaMessage[],
    @Ctx() context: BatchContext,
  ): Promise<BatchAnswer | PutOff> {
    if (this.engine.records !== null && isAlmostFull(this.engine.records))
      return { putOff: 'records_unavailable' };
    const decide = () => decideBatch(messages, context.origin, this.engine, this.rules);
    const answer = await (this.tracing === null
      ? decide()
      : traceBatch(messages, context.origin, this.tracing, decide, this.rules.deadLetters));
    if ('putOff' in answer) return answer;
    for (const [code, count] of answer.dead) {
      // The pipeline has counted conflicts already.
      if (code !== 'transaction_conflict') this.metrics.failed(code, count);
    }
    return answer;
  }
}
