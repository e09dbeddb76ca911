import type { Decision } from '@fraud/contract';
import { AcknowledgedProducer, type Config } from '@fraud/platform';
import type { KafkaMessage } from 'kafkajs';
import { type Brokers, openBrokers, rootOf } from './brokers.js';
import { requireTopics } from './find-topics.js';
import { InFlight } from './in-flight.js';
import { Outbox } from './outbox.js';
import { Patience } from './patience.js';
import { ofDecisions, type TopicNames, topicNames } from './topic-names.js';
import { TopicReader } from './topic-reader.js';
import { wasStored } from './was-stored.js';

/** What became of one transaction. */
export type Answer =
  /** `replayed`: decided before it was sent this time. */
  | {
      readonly kind: 'decided';
      readonly decision: Decision;
      readonly replayed: boolean;
      readonly delayMs: number;
    }
  | { readonly kind: 'dead_letter'; readonly code: string }
  /** Nothing came, for as long as there was patience. */
  | { readonly kind: 'undecided' }
  | { readonly kind: 'not_sent'; readonly code: string };

interface Waiting {
  readonly sentAt: number;
  readonly settle: (answer: Answer) => void;
}

const LOOK_EVERY_MS = 250;
/** Whoever wants to stop does not wait for long, but gets what is on its way. */
const HURRY_MS = 3000;

/** Sends transactions to their topic, and finds the answer to each on the topics of decisions and dead letters. */
export class Exchange {
  /** Some were given up as undecided. */
  gaveUp = false;
  private readonly inFlight = new InFlight<Waiting>();
  private readonly outbox: Outbox;
  private readonly producer: AcknowledgedProducer;
  private readonly patience: Patience;
  private readonly timer: NodeJS.Timeout;
  private reader: TopicReader | undefined;

  private constructor(
    private readonly brokers: Brokers,
    private readonly topics: TopicNames,
    patienceMs: number,
  ) {
    this.producer = new AcknowledgedProducer(brokers.kafka);
    this.outbox = new Outbox((messages) => this.producer.send(messages));
    this.patience = new Patience(patienceMs);
    this.timer = setInterval(() => {
      if (this.underWay > 0 && this.patience.lapsed) this.giveUp();
    }, LOOK_EVERY_MS);
  }

  /**
   * @param patienceMs after so long without anything sent or answered, what is under way counts as undecided
   * @throws UserError where brokers or topics are not there
   */
  static async open(config: Config, patienceMs: number): Promise<Exchange> {
    const brokers = await openBrokers(config);
    const exchange = new Exchange(brokers, topicNames(config), patienceMs);
    try {
      await exchange.connect();
      return exchange;
    } catch (error) {
      await exchange.close();
      throw error;
    }
  }

  /** Sent, and without an answer so far. */
  get underWay(): number {
    return this.inFlight.size;
  }

  /** Resolves with the answer, whatever it is. */
  decide(transaction: unknown): Promise<Answer> {
    return new Promise((settle) => {
      this.patience.moved();
      const traceparent = this.inFlight.add({ sentAt: performance.now(), settle });
      const message = {
        topic: this.topics.transactions,
        key: cardOf(transaction),
        value: JSON.stringify(transaction),
        headers: { traceparent },
      };
      this.outbox.post(message, (error) => {
        this.inFlight.take(traceparent)?.settle({ kind: 'not_sent', code: rootOf(error) });
      });
    });
  }

  /** No more will be sent, and what is under way is given up sooner. */
  hurry(): void {
    this.patience.shorten(HURRY_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.producer.disconnect();
    await this.reader?.close();
    await this.brokers.admin.disconnect();
  }

  private async connect(): Promise<void> {
    const { decisions, deadLetters } = this.topics;
    await requireTopics(this.brokers.admin, ofDecisions(this.topics));
    await this.producer.connect();
    this.reader = await TopicReader.open(
      this.brokers,
      [decisions, deadLetters],
      (topic, message) => {
        this.received(topic, message);
      },
      (error) => {
        process.stderr.write(`Kafka: reading the decisions ended (${rootOf(error)})\n`);
        this.giveUp();
      },
    );
    this.brokers.showErrors();
  }

  private received(topic: string, { headers, value, timestamp }: KafkaMessage): void {
    const waiting = this.inFlight.take(headers?.['traceparent']?.toString());
    // Other traffic, or published a second time.
    if (waiting === undefined) return;
    this.patience.moved();
    if (topic === this.topics.deadLetters) {
      waiting.settle({ kind: 'dead_letter', code: String(headers?.['fraud-error-code']) });
      return;
    }
    const decision = JSON.parse(String(value)) as Decision;
    const delayMs = performance.now() - waiting.sentAt;
    const replayed = wasStored(decision.decided_at, Number(timestamp), delayMs);
    waiting.settle({ kind: 'decided', decision, replayed, delayMs });
  }

  private giveUp(): void {
    this.gaveUp = true;
    for (const { settle } of this.inFlight.takeAll()) settle({ kind: 'undecided' });
  }
}

/** The key; a transaction without a card is for the engine to refuse. */
function cardOf(transaction: unknown): string | null {
  const { card_id: card } = transaction as { card_id?: unknown };
  return typeof card === 'string' ? card : null;
}
