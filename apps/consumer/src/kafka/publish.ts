import { DEAD_LETTER_HEADERS, type AcknowledgedProducer, type OutgoingMessage } from '@fraud/platform';

/**
 * Publishes what goes out for a slice. A dead letter is a little larger than the message that it holds, so a topic may refuse it;
 * it then goes without its value, or its partition would never move on.
 */
export async function publish(
  producer: Pick<AcknowledgedProducer, 'send'>,
  outgoing: readonly OutgoingMessage[],
): Promise<void> {
  try {
    await producer.send(outgoing);
  } catch (cause) {
    if (!isTooLarge(cause)) throw cause;
    for (const message of outgoing) await publishOne(producer, message);
  }
}

async function publishOne(
  producer: Pick<AcknowledgedProducer, 'send'>,
  message: OutgoingMessage,
): Promise<void> {
  try {
    await producer.send([message]);
  } catch (cause) {
    const { headers, value } = message;
    if (!isTooLarge(cause) || headers?.[DEAD_LETTER_HEADERS.code] === undefined || value === null)
      throw cause;
    const size = String(value.length);
    await producer.send([
      { ...message, value: null, headers: { ...headers, [DEAD_LETTER_HEADERS.omitted]: size } },
    ]);
  }
}

const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

function isTooLarge(cause: unknown): boolean {
  for (let error: unknown = cause; error instanceof Error; error = error.cause) {
    if (TOO_LARGE.has((error as { type?: string }).type ?? '')) return true;
  }
  return false;
}
