import { CONTRACT_SCHEMAS, ERRORS } from '@fraud/contract';
import { DEAD_LETTER_HEADERS as NAMES, ENGINE_VERSION, SETTINGS, type SettingName } from '@fraud/platform';
import { LET_THROUGH_SCHEMA } from '../bypass/let-through.schema.js';

const TEXT = { type: 'string' } as const;
const NUMERAL = { type: 'string', pattern: String.raw`^\d+$` } as const;

/** What comes with a transaction and goes on with its decision. */
const KEPT = {
  traceparent: { ...TEXT, description: 'Trace context (W3C)' },
  tracestate: { ...TEXT, description: 'Trace context (W3C)' },
  'schema-version': { ...TEXT, description: 'Which version of a schema the producer wrote by' },
} as const;

interface Topic {
  /** By which it is named. */
  readonly setting: SettingName;
  /** As this side sees it. */
  readonly action: 'receive' | 'send';
  readonly message: string;
  readonly title: string;
  readonly summary: string;
  readonly payload: object | null;
  readonly headers?: object;
  readonly key: string;
}

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

const TOPICS: readonly Topic[] = [
  {
    setting: 'TRANSACTIONS_TOPIC',
    action: 'receive',
    message: 'Transaction',
    title: 'A transaction to decide',
    summary:
      'Fields that are not named here are kept with the record. What is not valid goes to the dead letters as it came.',
    payload: ref('Transaction'),
    headers: { type: 'object', properties: KEPT },
    key: 'card_id: transactions of a card are decided in the order of their partition',
  },
  {
    setting: 'DECISIONS_TOPIC',
    action: 'send',
    message: 'Decision',
    title: 'The decision of a transaction',
    summary:
      'At least once: what comes again has the same bytes, so that decision_id tells it apart. It is recorded before it is sent.',
    payload: ref('Decision'),
    headers: { type: 'object', properties: KEPT, additionalProperties: false },
    key: 'card_id: decisions of a card are in the order of its transactions',
  },
  {
    setting: 'DEAD_LETTER_TOPIC',
    action: 'send',
    message: 'DeadLetter',
    title: 'A message that can be neither decided nor kept',
    summary: 'Key, value and headers as they came, whatever they are, and why.',
    payload: null,
    headers: {
      type: 'object',
      required: [NAMES.code, NAMES.topic, NAMES.partition, NAMES.offset, NAMES.timestamp],
      properties: {
        [NAMES.code]: { type: 'string', enum: Object.keys(ERRORS), description: 'Why' },
        [NAMES.fields]: { ...TEXT, description: 'JSON: which field fails and how; never a value' },
        [NAMES.topic]: { ...TEXT, description: 'Topic that it came from' },
        [NAMES.partition]: { ...NUMERAL, description: 'Partition that it came from' },
        [NAMES.offset]: { ...NUMERAL, description: 'Offset at which it was' },
        [NAMES.timestamp]: { ...NUMERAL, description: 'When it was written, milliseconds since the epoch' },
        [NAMES.omitted]: {
          ...NUMERAL,
          description: 'Bytes of a value that this topic did not take; it is still at its source',
        },
        [NAMES.retries]: { ...NUMERAL, description: 'How often it was sent to its source again before' },
      },
    },
    key: 'that of the message',
  },
  {
    setting: 'LABELS_TOPIC',
    action: 'receive',
    message: 'Label',
    title: 'What a transaction turned out to be',
    summary: 'One a message, read by a group of its own. What is not valid goes to the dead letters.',
    payload: ref('Label'),
    key: 'transaction_id: labels of a transaction are kept in their order',
  },
  {
    setting: 'BYPASSED_TOPIC',
    action: 'send',
    message: 'LetThrough',
    title: 'A transaction that was let through unscored, and what it would have been',
    summary: 'Sent by `npm run bypass -- report --publish`.',
    payload: LET_THROUGH_SCHEMA,
    key: 'card_id',
  },
];

const nameOf = (setting: SettingName): string => setting.toLowerCase().replace(/_topic$/, '');

/** The topics and what is in them, as AsyncAPI 3. */
export function asyncApi(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'fraud-detection over Kafka',
      version: ENGINE_VERSION,
      description:
        'Generated from the declarations that the code runs on. Topics have the names that the settings give them; here are the defaults.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      brokers: {
        host: 'localhost:9092',
        protocol: 'kafka-secure',
        description: 'KAFKA_BROKERS; without TLS where KAFKA_TLS is not true',
        security: ['plain', 'scramSha256', 'scramSha512', 'certificate'].map((name) => ({
          $ref: `#/components/securitySchemes/${name}`,
        })),
      },
    },
    channels: Object.fromEntries(TOPICS.map((topic) => [nameOf(topic.setting), channel(topic)])),
    operations: Object.fromEntries(
      TOPICS.map((topic) => [`${topic.action}${topic.message}`, operation(topic)]),
    ),
    components: {
      messages: Object.fromEntries(TOPICS.map((topic) => [topic.message, message(topic)])),
      schemas: CONTRACT_SCHEMAS,
      securitySchemes: {
        plain: { type: 'plain', description: 'KAFKA_SASL_MECHANISM=plain' },
        scramSha256: { type: 'scramSha256', description: 'KAFKA_SASL_MECHANISM=scram-sha-256' },
        scramSha512: { type: 'scramSha512', description: 'KAFKA_SASL_MECHANISM=scram-sha-512' },
        certificate: { type: 'X509', description: 'KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE' },
      },
    },
  };
}

const channel = ({ setting, message: name, title }: Topic): object => ({
  address: defaultOf(setting),
  title,
  description: `${SETTINGS[setting].description}. Named by ${setting}.`,
  messages: { [name]: { $ref: `#/components/messages/${name}` } },
});

function operation({ setting, action, message: name, summary }: Topic): object {
  const at = `#/channels/${nameOf(setting)}`;
  return { action, channel: { $ref: at }, summary, messages: [{ $ref: `${at}/messages/${name}` }] };
}

const message = ({ message: name, title, summary, payload, headers, key }: Topic): object => ({
  name,
  title,
  summary,
  ...(payload === null ? { contentType: 'application/octet-stream' } : { payload }),
  ...(headers !== undefined && { headers }),
  bindings: { kafka: { key: { type: 'string', description: key } } },
});

function defaultOf(setting: SettingName): string {
  const { default: name } = SETTINGS[setting] as { readonly default?: string };
  if (name === undefined) throw new Error(`${setting} has no default`);
  return name;
}
