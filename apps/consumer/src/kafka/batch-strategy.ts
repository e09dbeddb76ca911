import { setTimeout as sleep } from 'node:timers/promises';
import type { AcknowledgedProducer } from '@fraud/platform';
import { Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { lastValueFrom } from 'rxjs';
import { BatchContext, type BatchPattern } from './batch-context.js';
import { publish } from './publish.js';
import { NotNow, type PutOff, type SliceAnswer } from './slice-answer.js';
import type { TopicMember } from './topic-member.js';
import { GroupMember, type MemberOptions } from './group-member.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
const LEAVE_WITHIN_MS = 1500;

/** Told what the strategy does; all of it is off the path of a message. */
export interface BatchObserver<A extends SliceAnswer> {
  readonly member: Pick<TopicMember, 'joined' | 'committed' | 'left' | 'failed' | 'held'>;
  /** A slice is answered: all that goes out for it is acknowledged. */
  answered(messages: readonly KafkaMessage[], answer: A, startedAt: number): void;
}

export interface BatchOptions extends MemberOptions {
  /** Whose handler gets the batches. */
  readonly pattern: BatchPattern;
}

/**
 * Transport of whole batches: what a partition holds goes to the handler of a pattern, what comes back is published, and only
 * then are the offsets committed. (Nest's own Kafka server knows single messages, and commits what nobody handled.)
 */
export class BatchStrategy<A extends SliceAnswer> extends Server implements CustomTransportStrategy {
  protected override readonly logger = new Logger('Kafka');
  private member: GroupMember | undefined;
  private readonly closing = new AbortController();
  private readonly stopped = new Promise<Error>((resolve) => {
    this.closing.signal.addEventListener('abort', () => {
      resolve(new Error('stopped'));
    });
  });
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly kafka: Kafka,
    private readonly producer: AcknowledgedProducer,
    private readonly options: BatchOptions,
    private readonly observer: BatchObserver<A>,
  ) {
    super();
  }

  /** Does not wait for the brokers: an application that starts before them works when they come. */
  listen(callback: (...optionalParams: unknown[]) => unknown): void {
    this.running = this.run();
    callback();
  }

  /** Finishes what is under way, commits it and leaves the group. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.member?.finish();
    const away = Promise.all([this.member?.leave(), this.running, this.producer.disconnect()]);
    // Brokers that do not answer are not waited for: what counts is committed by now.
    await Promise.race([away.catch(() => undefined), sleep(LEAVE_WITHIN_MS, undefined, { ref: false })]);
  }

  on(): never {
    throw new Error('this transport has no events');
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as the framework declares it
  unwrap<T>(): T {
    return this.kafka as T;
  }

  /** A member until it fails, then the next one. */
  private async run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.closing.signal.aborted) {
      const startedAt = Date.now();
      const reason = await this.membership();
      if (this.closing.signal.aborted) return;
      this.observer.member.failed(reason);
      pauseMs = Date.now() - startedAt > LONGEST_PAUSE_MS * 2 ? FIRST_PAUSE_MS : pauseMs * 2;
      await sleep(Math.min(pauseMs, LONGEST_PAUSE_MS), undefined, { signal: this.closing.signal }).catch(
        () => undefined,
      );
    }
  }

  /** @returns why it ended */
  private async membership(): Promise<string> {
    const member = new GroupMember(
      this.kafka,
      this.options,
      (messages, partition) => this.answer(messages, partition),
      this.observer.member,
    );
    this.member = member;
    try {
      await this.producer.connect();
      await member.start();
      return (await Promise.race([member.ended, this.stopped])).message;
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause);
    } finally {
      if (!this.closing.signal.aborted) {
        await member.finish();
        await member.leave();
      }
    }
  }

  private async answer(messages: readonly KafkaMessage[], partition: number): Promise<void> {
    const startedAt = performance.now();
    const { pattern, topic } = this.options;
    const handler = this.getHandlerByPattern(pattern);
    if (handler === null) throw new Error(`nothing handles ${pattern}`);
    const context = new BatchContext([{ topic, partition }]);
    const answer = await lastValueFrom(
      this.transformToObservable<A | PutOff>(await handler(messages, context)),
    );
    if ('putOff' in answer) throw new NotNow(answer.putOff);
    await publish(this.producer, answer.outgoing);
    this.observer.answered(messages, answer, startedAt);
  }
}
