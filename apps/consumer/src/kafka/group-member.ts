import type { Batch, Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { HeldPartitions, type HeldFor } from './held-partitions.js';
import { NotNow, type Missing } from './slice-answer.js';

/** Takes a slice of a partition; resolves when all that goes out for it is acknowledged. */
export type SliceHandler = (messages: readonly KafkaMessage[], partition: number) => Promise<void>;

/** Told what happens to a member of the group. */
export interface MemberObserver {
  /** It joined, or joined anew, and has these partitions. */
  joined(partitions: readonly number[]): void;
  /** Everything before this offset is done, and the group knows. */
  committed(partition: number, nextOffset: bigint): void;
  left(): void;
  /** Nothing more is fetched from this partition for now, or (null) it is again. */
  held(partition: number, heldFor: HeldFor | null): void;
}

export interface MemberOptions {
  readonly groupId: string;
  readonly topic: string;
  readonly maxPollRecords: number;
  readonly partitionsConcurrently: number;
}

/** After so long without a sign of life the group gives the partitions to others: also how long a kill -9 stalls them. */
const SESSION_TIMEOUT_MS = 10_000;
/**
 * How long a group waits for a member that does not join again. Half of the session: what stalls longest is a broker that dies, and with
 * 10 s that took 27 s instead of 17 to 23, and a restart of everything 42 instead of 24.
 */
const REBALANCE_TIMEOUT_MS = 5000;
const HEARTBEAT_MS = 1000;
/** Longest that an idle fetch waits at the broker: also a part of how long stopping takes. */
const MAX_WAIT_MS = 250;

/**
 * One membership in the consumer group, from joining to the first failure. Nothing is committed but the end of a slice
 * that was taken as a whole, so a failure loses nothing and repeats at most a slice of each partition.
 * It never restarts by itself: after a failure no more slices are begun (each queued batch would fail its commit on its own,
 * one after the other, for as long as a dead coordinator lets them wait), and `ended` resolves with the reason. It does not wait for the client
 * to end: where several batches fail at once that hears of one of them alone, and goes on if it was a rebalance.
 */
export class GroupMember {
  private readonly consumer: Consumer;
  private readonly held: HeldPartitions;
  private readonly end = Promise.withResolvers<Error>();
  /** Why it failed. */
  readonly ended: Promise<Error> = this.end.promise;
  private over = false;
  private stopping = false;
  private active = 0;
  private readonly atRest = Promise.withResolvers<undefined>();

  constructor(
    kafka: Kafka,
    private readonly options: MemberOptions,
    private readonly handle: SliceHandler,
    private readonly observer: MemberObserver,
  ) {
    this.consumer = kafka.consumer({
      groupId: options.groupId,
      allowAutoTopicCreation: false,
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: MAX_WAIT_MS,
      retry: { retries: 0, restartOnFailure: () => Promise.resolve(false) },
    });
    this.held = new HeldPartitions((partition, heldFor) => {
      observer.held(partition, heldFor);
    });
    this.consumer.on(this.consumer.events.GROUP_JOIN, ({ payload }) => {
      const partitions = payload.memberAssignment[options.topic] ?? [];
      this.held.keepOnly(partitions);
      observer.joined(partitions);
    });
    this.consumer.on(this.consumer.events.CRASH, ({ payload }) => {
      this.fail(payload.error);
    });
  }

  /** Joins the group and begins. @throws where the brokers or the topic are not there */
  async start(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [this.options.topic], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.partitionsConcurrently,
      eachBatch: (payload) => this.eachBatch(payload),
    });
  }

  /** Begins no more slices and finishes those under way: leaving does not wait for them, and then nothing is committed. */
  async finish(): Promise<void> {
    this.stopping = true;
    if (this.active > 0) await this.atRest.promise;
  }

  /** Leaves the group. */
  async leave(): Promise<void> {
    this.held.close();
    await this.consumer.disconnect().catch(() => undefined);
    this.observer.left();
  }

  private fail(cause: unknown): void {
    this.over = true;
    this.end.resolve(cause instanceof Error ? cause : new Error(String(cause)));
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    if (this.over || this.stopping) return;
    const { partition, messages } = payload.batch;
    const isLong = messages.length > this.options.maxPollRecords;
    // What is behind a long batch waits at the broker until this one is done.
    const resume = isLong ? payload.pause() : null;
    let missing: Missing | null = null;
    this.active += 1;
    // A slice may wait for a broker longer than the group waits for a sign of life.
    const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      for (const slice of slicesOf(payload.batch, this.options.maxPollRecords)) {
        if (this.over || this.stopping || !payload.isRunning() || payload.isStale()) return;
        await this.one(slice, payload);
        if (isLong) this.held.hold(partition, 'busy');
      }
    } catch (cause) {
      if (cause instanceof NotNow) ({ missing } = cause);
      else {
        // A rebalance is no failure, but what the batch still holds may be another member's by now.
        if (!isRebalance(cause)) this.fail(cause);
        throw cause;
      }
    } finally {
      clearInterval(beat);
      if (missing === null) {
        resume?.();
        this.held.release(partition);
      } else if (!this.stopping) this.held.holdFor(partition, missing, payload.pause());
      this.active -= 1;
      if (this.active === 0 && this.stopping) this.atRest.resolve(undefined);
    }
  }

  private async one(slice: readonly KafkaMessage[], payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    await this.handle(slice, partition);
    const last = slice.at(-1)!.offset;
    const next = BigInt(last) + 1n;
    await payload.commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [{ partition, offset: next.toString() }] }],
    });
    payload.resolveOffset(last);
    this.observer.committed(partition, next);
    await payload.heartbeat();
  }
}

function* slicesOf({ messages }: Batch, size: number): Generator<readonly KafkaMessage[]> {
  for (let from = 0; from < messages.length; from += size) yield messages.slice(from, from + size);
}

const REBALANCES = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

const isRebalance = (cause: unknown): boolean => REBALANCES.has((cause as { type?: string }).type ?? '');
