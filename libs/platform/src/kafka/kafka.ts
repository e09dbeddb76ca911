import type { Kafka as Client, LogEntry } from 'kafkajs';
import kafkajs from './kafkajs.js';
import { registerCodecs } from './codecs.js';
import type { KafkaAccess } from './settings.js';

const { Kafka, logLevel } = kafkajs;

export const { ConfigResourceTypes } = kafkajs;

/** A line of the client's own log. Its errors are mostly retries that go on to succeed. */
export type KafkaLog = (level: 'error' | 'warn' | 'info', message: string) => void;

const LEVELS = { [logLevel.ERROR]: 'error', [logLevel.WARN]: 'warn', [logLevel.INFO]: 'info' } as const;

/** A client of the brokers; it connects on first use. */
export function openKafka({ brokers, tls, sasl }: KafkaAccess, log: KafkaLog): Client {
  registerCodecs();
  return new Kafka({
    clientId: 'fraud-detection',
    brokers: [...brokers],
    ...(tls === null ? {} : { ssl: tls }),
    ...(sasl === null ? {} : { sasl }),
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log: { message, error } }: LogEntry) => {
        const detail = typeof error === 'string' && error !== message ? ` (${error})` : '';
        log(LEVELS[level as keyof typeof LEVELS] ?? 'info', `${message}${detail}`);
      },
  });
}
