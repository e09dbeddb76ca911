import type { IHeaders, Kafka, Message, PartitionerArgs, Producer, RecordMetadata } from 'kafkajs';
import kafkajs from './kafkajs.js';

/** One message to one topic. Messages with the same key keep their order. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: IHeaders;
  /** Milliseconds since the epoch; default: now. */
  readonly timestamp?: string;
}

interface Placed extends Message {
  /** Set by the partitioner on the first attempt, and kept: messages of one key must not change places. */
  partition?: number;
}

export interface AcknowledgedProducerOptions {
  /** After so long without an acknowledgement, `send` gives up. */
  readonly giveUpMs?: number;
  /** Told how many messages had to be sent again. */
  readonly resent?: (messages: number) => void;
}

/**
 * Bytes that go in one request. What goes to one partition becomes one record batch there, and brokers refuse batches of
 * more than a megabyte unless they are told otherwise.
 */
const REQUEST_BYTES = 768 * 1024;
/** What a record takes beside its key, value and headers, generously. */
const RECORD_OVERHEAD = 100;

const GIVE_UP_MS = 30_000;
const PAUSE_MS = 100;

/**
 * A producer whose `send` resolves only when every message is acknowledged by all in-sync replicas.
 *
 * kafkajs alone does not promise that: where the leader of a partition dies during a send that spans several
 * brokers, it retries, finds the new leader among the brokers that have answered already, sends it nothing, and resolves.
 * Such partitions are missing from its reply; so the reply is compared with what was sent, and what is missing is sent again.
 * Delivery is at least once: a message whose acknowledgement was lost is in the topic twice.
 */
export class AcknowledgedProducer {
  private readonly producer: Producer;
  private readonly giveUpMs: number;
  private readonly resent: (messages: number) => void;

  constructor(kafka: Kafka, options: AcknowledgedProducerOptions = {}) {
    this.producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: stickyPartitioner });
    this.giveUpMs = options.giveUpMs ?? GIVE_UP_MS;
    this.resent = options.resent ?? (() => undefined);
  }

  async connect(): Promise<void> {
    await this.producer.connect();
  }

  async disconnect(): Promise<void> {
    await this.producer.disconnect();
  }

  /**
   * Sends, and waits until all are acknowledged.
   * @throws the last error where some are not after `giveUpMs`; others may be in their topics by then
   */
  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    for (const request of requestsOf(messages)) await this.sendOne(request);
  }

  private async sendOne(messages: readonly OutgoingMessage[]): Promise<void> {
    const deadline = Date.now() + this.giveUpMs;
    let open = group(messages);
    for (let attempt = 0; open.size > 0; attempt++) {
      if (attempt > 0) {
        this.resent(count(open));
        await new Promise((done) => setTimeout(done, PAUSE_MS));
      }
      try {
        open = unacknowledged(open, await this.attempt(open));
        if (open.size > 0 && Date.now() >= deadline)
          throw new Error(`${count(open)} messages were not acknowledged within ${this.giveUpMs} ms`);
      } catch (cause) {
        if (Date.now() >= deadline || !isWorthRepeating(cause)) throw cause;
      }
    }
  }

  private attempt(open: ReadonlyMap<string, Placed[]>): Promise<RecordMetadata[]> {
    return this.producer.sendBatch({
      acks: -1,
      topicMessages: [...open].map(([topic, messages]) => ({ topic, messages })),
    });
  }
}

/** Cuts a list so that each part fits into a request; a message that alone is larger goes alone. */
export function* requestsOf(messages: readonly OutgoingMessage[]): Generator<readonly OutgoingMessage[]> {
  let from = 0;
  let bytes = 0;
  for (let i = 0; i < messages.length; i++) {
    const size = sizeOf(messages[i]!);
    if (i > from && bytes + size > REQUEST_BYTES) {
      yield messages.slice(from, i);
      from = i;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < messages.length) yield from === 0 ? messages : messages.slice(from);
}

function sizeOf({ key, value, headers }: OutgoingMessage): number {
  const own = RECORD_OVERHEAD + lengthOf(key) + lengthOf(value);
  if (headers === undefined) return own;
  return Object.entries(headers).reduce((sum, [name, content]) => {
    const parts = Array.isArray(content) ? content : [content ?? null];
    return sum + parts.reduce((n, part) => n + name.length + lengthOf(part), 0);
  }, own);
}

/** Of a text its characters: what is sent here is ASCII all but exclusively, and the limit has room. */
const lengthOf = (part: string | Buffer | null): number => part?.length ?? 0;

/** By topic, in their order. */
function group(messages: readonly OutgoingMessage[]): Map<string, Placed[]> {
  const byTopic = new Map<string, Placed[]>();
  for (const { topic, key, value, headers, timestamp } of messages) {
    const placed: Placed = { key, value };
    if (headers !== undefined) placed.headers = headers;
    if (timestamp !== undefined) placed.timestamp = timestamp;
    const others = byTopic.get(topic);
    if (others === undefined) byTopic.set(topic, [placed]);
    else others.push(placed);
  }
  return byTopic;
}

/** What no broker answered for. */
function unacknowledged(
  sent: ReadonlyMap<string, Placed[]>,
  replies: readonly RecordMetadata[],
): Map<string, Placed[]> {
  const acknowledged = new Set(
    replies.filter((r) => r.errorCode === 0).map((r) => `${r.topicName}/${r.partition}`),
  );
  const open = new Map<string, Placed[]>();
  for (const [topic, messages] of sent) {
    const left = messages.filter((m) => !acknowledged.has(`${topic}/${m.partition}`));
    if (left.length > 0) open.set(topic, left);
  }
  return open;
}

const count = (open: ReadonlyMap<string, readonly unknown[]>): number =>
  [...open.values()].reduce((n, messages) => n + messages.length, 0);

/** An answer that will not change by asking again: a message that is too large, a topic that is not allowed. */
const FINAL = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

function isWorthRepeating(cause: unknown): boolean {
  for (let error: unknown = cause; error instanceof Error; error = error.cause) {
    if (FINAL.has((error as { type?: string }).type ?? '')) return false;
  }
  return true;
}

/** The default partitioner (murmur2 of the key, as Java's), whose choice stays with the message. */
function stickyPartitioner(): (args: PartitionerArgs) => number {
  const choose = kafkajs.Partitioners.DefaultPartitioner();
  return (args) => {
    const message: Placed = args.message;
    message.partition ??= choose(args);
    return message.partition;
  };
}
