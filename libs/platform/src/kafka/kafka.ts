import kafkajs from 'kafkajs';
import { registerCodecs } from './codecs.js';
import { restRequestQueue } from './request-queue.js';

const { Kafka, logLevel } = kafkajs;

/** A line of the client's own log. Its errors are mostly retries that go on to succeed. */
export type KafkaLog = (level: 'error' | 'warn' | 'info', message: string) => void;

const LEVELS = { [logLevel.ERROR]: 'error', [logLevel.WARN]: 'warn', [logLevel.INFO]: 'info' } as const;

/**
 * A client of the brokers; it connects on first use.
 * @param brokers as in KAFKA_BROKERS: `host:port`, comma-separated
 */
export function openKafka(brokers: string, log: KafkaLog): kafkajs.Kafka {
  restRequestQueue();
  registerCodecs();
  return new Kafka({
    clientId: 'fraud-detection',
    brokers: brokers.split(','),
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log: { message, error } }: kafkajs.LogEntry) => {
        const detail = typeof error === 'string' && error !== message ? ` (${error})` : '';
        log(LEVELS[level as keyof typeof LEVELS] ?? 'info', `${message}${detail}`);
      },
  });
}
