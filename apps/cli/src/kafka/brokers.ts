import { kafkaAccess, openKafka, type Config } from '@fraud/platform';
import type { Admin, Kafka } from 'kafkajs';
import { UserError } from '../user-error.js';
import { reachable } from './reachable.js';

const TO_START_ONE = 'eval "$(scripts/services start kafka redis)"';

/** The brokers that KAFKA_BROKERS names, with a connected admin. */
export interface Brokers {
  readonly kafka: Kafka;
  readonly admin: Admin;
  /** From now on errors of the client are shown; before, most are those of a group that is only just made. */
  showErrors(): void;
}

/** @throws UserError where KAFKA_BROKERS is not set or nothing answers there */
export async function openBrokers(config: Config): Promise<Brokers> {
  const { KAFKA_BROKERS } = config;
  if (KAFKA_BROKERS === undefined) {
    throw new UserError(
      `KAFKA_BROKERS is not set: give the brokers as host:port, or start one with\n  ${TO_START_ONE}`,
    );
  }
  let shown = false;
  let last = '';
  const kafka = openKafka(kafkaAccess({ ...config, KAFKA_BROKERS }), (level, message) => {
    if (!shown || level !== 'error' || message === last) return;
    last = message;
    process.stderr.write(`Kafka: ${message}\n`);
  });
  const admin = kafka.admin();
  try {
    await reachable(KAFKA_BROKERS);
    await admin.connect();
  } catch (cause) {
    if (isRefusal(cause))
      throw new UserError(
        `The broker at ${KAFKA_BROKERS} refuses KAFKA_USERNAME and KAFKA_PASSWORD by KAFKA_SASL_MECHANISM: ${(cause as Error).message}`,
        { cause },
      );
    throw new UserError(
      `No Kafka broker answers at ${KAFKA_BROKERS} (${rootOf(cause)}): is it running?\n  ${TO_START_ONE}`,
      { cause },
    );
  }
  return { kafka, admin, showErrors: () => (shown = true) };
}

const isRefusal = (cause: unknown): boolean => (cause as Error).name === 'KafkaJSSASLAuthenticationError';

/** The innermost reason, as a code where there is one. */
export function rootOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const { code, type, message } = inner as { code?: unknown; type?: unknown; message?: unknown };
  if (typeof type === 'string') return type;
  return typeof code === 'string' ? code : String(message ?? inner);
}
