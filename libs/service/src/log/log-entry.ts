/**
 * What is logged with more than a sentence: `this.logger.warn({ message: '…', request_id })`. Names of fields are those of the API:
 * `request_id`, `transaction_id`, `decision_id`, `trace_id`, `code`.
 */
export interface LogEntry {
  readonly message: string;
  /** What was thrown; its stack is written, too. */
  readonly err?: unknown;
  readonly [field: string]: unknown;
}

const isEntry = (message: unknown): message is LogEntry =>
  typeof message === 'object' && message !== null && typeof (message as LogEntry).message === 'string';

/** Anything that a caller gives to a logger, as an entry. */
export function toEntry(message: unknown): LogEntry {
  if (message instanceof Error) return { message: message.message, err: message };
  if (isEntry(message)) return message;
  return { message: typeof message === 'string' ? message : JSON.stringify(message) };
}
