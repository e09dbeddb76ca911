import { AcknowledgedProducer, DEAD_LETTER_HEADERS, loadConfig, type OutgoingMessage } from '@fraud/platform';
import { openBrokers } from '../kafka/brokers.js';
import { requireTopics } from '../kafka/find-topics.js';
import { whole } from '../report/table.js';
import { UserError } from '../user-error.js';
import { placeText, type DeadLetter, type Place } from './dead-letter.js';
import { originalValue } from './original-value.js';
import { visitSelected, type Selection } from './selection.js';

export interface RetryOptions extends Omit<Selection, 'places'> {
  readonly all?: true;
  readonly dryRun?: true;
}

/** A request to the brokers goes out at so many messages, or bytes of them: they wait in memory. */
const AT_ONCE = 200;
const BYTES_AT_ONCE = 8 * 1024 * 1024;

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
    let waiting: OutgoingMessage[] = [];
    let bytes = 0;
    let sent = 0;
    let strangers = 0;
    const send = async (): Promise<void> => {
      await producer.send(waiting);
      sent += waiting.length;
      waiting = [];
      bytes = 0;
    };
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
          sent += 1;
          process.stdout.write(`${placeText(letter.place)}  ${letter.code}  → ${letter.source.topic}\n`);
          return;
        }
        const value = await originalValue(brokers, letter);
        waiting.push(again(letter, value));
        bytes += value?.length ?? 0;
        if (waiting.length >= AT_ONCE || bytes >= BYTES_AT_ONCE) await send();
      },
    );
    if (waiting.length > 0) await send();
    const done = dryRun === true ? 'would be sent' : 'sent';
    process.stdout.write(`${whole(sent)} ${done} to their source again; they stay in ${topic}, too.\n`);
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
