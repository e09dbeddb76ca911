import { AcknowledgedProducer, DEAD_LETTER_HEADERS, loadConfig, type OutgoingMessage } from '@fraud/platform';
import { openBrokers } from '../kafka/brokers.js';
import { requireTopics } from '../kafka/find-topics.js';
import { InParts, type Part } from '../kafka/in-parts.js';
import { whole } from '../report/table.js';
import { UserError } from '../user-error.js';
import { placeText, type DeadLetter, type Place } from './dead-letter.js';
import { originalValue } from './original-value.js';
import { visitSelected, type Selection } from './selection.js';

export interface RetryOptions extends Omit<Selection, 'places'> {
  readonly all?: true;
  readonly dryRun?: true;
}

/** Of dead letters, each may be as large as a topic takes. */
const AT_ONCE: Part = { messages: 200, bytes: 8 * 2 ** 20 };

/** Sends dead letters to where they came from again, as they came. */
export async function retryDeadLetters(places: readonly Place[], options: RetryOptions): Promise<void> {
  const { all, dryRun, ...selection } = options;
  const chosen = places.length > 0;
  if (!chosen && all === undefined && selection.code === undefined && selection.since === undefined)
    throw new UserError('Say which: places as `list` shows them, --code, --since, or --all.');
  const config = loadConfig();
  const topic = config.DEAD_LETTER_TOPIC;
  const brokers = await openBrokers(config);
  const producer = new AcknowledgedProducer(brokers.kafka);
  try {
    await requireTopics(brokers.admin, [topic, config.TRANSACTIONS_TOPIC, config.LABELS_TOPIC]);
    // What is written to any other topic, nobody here reads.
    const sources = new Set([config.TRANSACTIONS_TOPIC, config.LABELS_TOPIC]);
    await producer.connect();
    const parts = new InParts(AT_ONCE, (messages) => producer.send(messages));
    let wouldBeSent = 0;
    let strangers = 0;
    await visitSelected(
      brokers,
      topic,
      { ...selection, places: chosen ? places : undefined },
      async (letter) => {
        if (!sources.has(letter.source.topic)) {
          strangers += 1;
          return;
        }
        if (dryRun === true) {
          wouldBeSent += 1;
          process.stdout.write(`${placeText(letter.place)}  ${letter.code}  → ${letter.source.topic}\n`);
          return;
        }
        await parts.add(again(letter, await originalValue(brokers, letter)));
      },
    );
    await parts.flush();
    const done = dryRun === true ? `${whole(wouldBeSent)} would be sent` : `${whole(parts.sent)} sent`;
    process.stdout.write(`${done} to their source again; they stay in ${topic}, too.\n`);
    if (strangers > 0)
      process.stdout.write(
        `${whole(strangers)} left alone: they came from other topics than TRANSACTIONS_TOPIC and LABELS_TOPIC.\n`,
      );
  } finally {
    await producer.disconnect();
    await brokers.admin.disconnect();
  }
}

const again = ({ source, key, headers, retries }: DeadLetter, value: Buffer | null): OutgoingMessage => ({
  topic: source.topic,
  key,
  value,
  headers: { ...headers, [DEAD_LETTER_HEADERS.retries]: String(retries + 1) },
});
