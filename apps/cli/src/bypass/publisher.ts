import { decisionIdOf } from '@fraud/contract';
import { AcknowledgedProducer, type Config, type OutgoingMessage } from '@fraud/platform';
import { openBrokers } from '../kafka/brokers.js';
import { findTopics } from '../kafka/find-topics.js';
import { InParts, type Part } from '../kafka/in-parts.js';
import { UserError } from '../user-error.js';
import type { LetThrough } from './would-be.js';

const AT_ONCE: Part = { messages: 1000, bytes: 8 * 2 ** 20 };

/** Sends what was let through to a topic, keyed by card. */
export interface Publisher {
  readonly sent: number;
  add(one: LetThrough): Promise<void>;
  close(): Promise<void>;
}

/** Publishes nothing. */
export const NO_PUBLISHER: Publisher = { sent: 0, add: async () => undefined, close: async () => undefined };

/** @throws UserError where there are no brokers, or there is no such topic */
export async function openPublisher(config: Config): Promise<Publisher> {
  const topic = config.BYPASSED_TOPIC;
  const { kafka, admin } = await openBrokers(config);
  try {
    if (!(await findTopics(admin, [topic])).has(topic))
      throw new UserError(`There is no topic ${topic} (BYPASSED_TOPIC): npm run topics creates it`);
  } finally {
    await admin.disconnect();
  }
  const producer = new AcknowledgedProducer(kafka);
  await producer.connect();
  const parts = new InParts(AT_ONCE, (messages) => producer.send(messages));
  return {
    get sent() {
      return parts.sent;
    },
    add: (one) => parts.add(messageOf(one, topic)),
    close: async () => {
      try {
        await parts.flush();
      } finally {
        await producer.disconnect();
      }
    },
  };
}

function messageOf({ parsed, atMs, wouldBe, before }: LetThrough, topic: string): OutgoingMessage {
  const { transaction } = parsed;
  const value = {
    decision_id: decisionIdOf(transaction.transaction_id),
    transaction_id: transaction.transaction_id,
    let_through_at: new Date(atMs).toISOString(),
    decided_before: before,
    would_be: wouldBe,
    transaction,
  };
  return { topic, key: transaction.card_id, value: JSON.stringify(value) };
}
