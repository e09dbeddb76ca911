import { randomUUID } from 'node:crypto';
import type { Admin, Kafka, KafkaMessage } from 'kafkajs';
import { AcknowledgedProducer, openKafka, topicOffsets, type OutgoingMessage } from '@fraud/platform';

/** A message that was read, with its place. */
export type ReadMessage = KafkaMessage & { readonly partition: number };

/** A client of brokers that ask for nothing. */
export const openTo = (brokers: string): Kafka =>
  openKafka({ brokers: brokers.split(','), tls: null, sasl: null }, () => undefined);

/** Topics of one test and the tools to look at them. */
export class KafkaBench {
  readonly kafka: Kafka;
  readonly group = `g-${randomUUID()}`;
  readonly labelsGroup = `g-${randomUUID()}`;
  readonly transactions: string;
  readonly decisions: string;
  readonly deadLetters: string;
  readonly labels: string;
  readonly bypassed: string;
  private readonly admin: Admin;
  private readonly producer: AcknowledgedProducer;

  private constructor(readonly brokers: string) {
    const id = randomUUID().slice(0, 8);
    this.transactions = `transactions-${id}`;
    this.decisions = `decisions-${id}`;
    this.deadLetters = `dlq-${id}`;
    this.labels = `labels-${id}`;
    this.bypassed = `bypassed-${id}`;
    this.kafka = openTo(brokers);
    this.admin = this.kafka.admin();
    this.producer = new AcknowledgedProducer(this.kafka);
  }

  /**
   * Creates the topics and waits until their partitions have leaders.
   * @param bytes largest record batch that the topics take
   */
  static async open(
    brokers: string,
    partitions: number,
    replicas = 1,
    bytes: { readonly deadLetters?: number; readonly others?: number } = {},
  ): Promise<KafkaBench> {
    const bench = new KafkaBench(brokers);
    await bench.admin.connect();
    const names = [bench.transactions, bench.decisions, bench.deadLetters, bench.labels, bench.bypassed];
    await bench.admin.createTopics({
      waitForLeaders: false,
      topics: names.map((topic) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: replicas,
        configEntries:
          topic === bench.deadLetters
            ? [{ name: 'max.message.bytes', value: String(bytes.deadLetters ?? 2 ** 21) }]
            : [{ name: 'max.message.bytes', value: String(bytes.others ?? 2 ** 20) }],
      })),
    });
    for (let ready = false; !ready;) {
      const { topics } = await bench.admin
        .fetchTopicMetadata({ topics: names })
        .catch(() => ({ topics: [] }));
      ready = topics.length === names.length && topics.every((t) => t.partitions.every((p) => p.leader >= 0));
    }
    // A leader that is named may not lead yet; only an answer from it shows that it does.
    for (const name of names) await bench.size(name);
    await bench.producer.connect();
    return bench;
  }

  /** What a consumer needs to work on these topics. */
  get env(): Record<string, string> {
    return {
      KAFKA_BROKERS: this.brokers,
      KAFKA_GROUP_ID: this.group,
      TRANSACTIONS_TOPIC: this.transactions,
      DECISIONS_TOPIC: this.decisions,
      DEAD_LETTER_TOPIC: this.deadLetters,
      LABELS_TOPIC: this.labels,
      BYPASSED_TOPIC: this.bypassed,
      KAFKA_LABELS_GROUP_ID: this.labelsGroup,
    };
  }

  /** To the transactions, where no other topic is given. */
  async produce(
    messages: readonly Omit<OutgoingMessage, 'topic'>[],
    topic = this.transactions,
  ): Promise<void> {
    for (let from = 0; from < messages.length; from += 1000) {
      const slice = messages.slice(from, from + 1000);
      await this.producer.send(slice.map((m) => ({ ...m, topic })));
    }
  }

  /** To one partition of the transactions, whatever its key would choose. */
  async produceTo(
    partition: number,
    message: { readonly key: string; readonly value: string },
  ): Promise<void> {
    const producer = this.kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic: this.transactions, messages: [{ ...message, partition }] });
    await producer.disconnect();
  }

  /** Messages in a topic so far. */
  async size(topic: string): Promise<number> {
    return (await topicOffsets(this.admin, topic)).reduce((n, p) => n + Number(p.high), 0);
  }

  /** Where the group is, by partition; −1 = nothing committed. */
  async committed(groupId = this.group, topic = this.transactions): Promise<number[]> {
    // A group has no coordinator for a moment now and then; that is for the consumer to bear, not for the test.
    const [offsets] = await this.admin.fetchOffsets({ groupId, topics: [topic] }).catch(() => []);
    return (offsets?.partitions ?? [])
      .toSorted((a, b) => a.partition - b.partition)
      .map(({ offset }) => Number(offset));
  }

  /** Messages that the group has still to do. */
  lag(): Promise<number> {
    return this.behind(this.group, this.transactions);
  }

  /** Labels that their group has still to do. */
  labelLag(): Promise<number> {
    return this.behind(this.labelsGroup, this.labels);
  }

  private async behind(group: string, topic: string): Promise<number> {
    const done = (await this.committed(group, topic)).reduce((n, offset) => n + Math.max(0, offset), 0);
    return (await this.size(topic)) - done;
  }

  /** Node of the leader, by partition. */
  async leaders(topic: string): Promise<number[]> {
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [topic] });
    return (topics[0]?.partitions ?? [])
      .toSorted((a, b) => a.partitionId - b.partitionId)
      .map(({ leader }) => leader);
  }

  /** Node that coordinates the group. */
  async coordinator(): Promise<number> {
    const leaders = await this.leaders('__consumer_offsets');
    // As String.hashCode of Java.
    const hash = [...this.group].reduce((sum, c) => (Math.imul(31, sum) + c.charCodeAt(0)) | 0, 0);
    return leaders[(hash & 0x7f_ff_ff_ff) % leaders.length]!;
  }

  /** Everything that is in a topic now, by partition in its order. */
  async read(topic: string): Promise<ReadMessage[]> {
    const expected = await this.size(topic);
    const messages: ReadMessage[] = [];
    if (expected === 0) return messages;
    const consumer = this.kafka.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          autoCommit: false,
          eachMessage: ({ message, partition }) => {
            messages.push({ ...message, partition });
            if (messages.length === expected) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    return messages;
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
    await this.admin.disconnect();
  }
}
