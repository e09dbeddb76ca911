import { topicOffsets } from '@fraud/platform';
import type { Brokers } from '../kafka/brokers.js';
import { readRange } from '../kafka/read-range.js';
import { UserError } from '../user-error.js';
import { placeText, type DeadLetter } from './dead-letter.js';

/**
 * The value of a message as it came; from its source, where the dead-letter topic did not take it.
 * @throws UserError where it is no longer there
 */
export async function originalValue(brokers: Brokers, letter: DeadLetter): Promise<Buffer | null> {
  if (letter.omittedBytes === null) return letter.value;
  const { topic, place } = letter.source;
  const { partition, offset } = place;
  const found: (Buffer | null)[] = [];
  const there = (await topicOffsets(brokers.admin, topic)).find((one) => one.partition === partition);
  if (there !== undefined && offset >= BigInt(there.low) && offset < BigInt(there.high)) {
    const one = new Map([[partition, { from: offset, to: offset + 1n }]]);
    await readRange(brokers, topic, one, ({ value }) => {
      found.push(value);
    });
  }
  if (found.length === 0)
    throw new UserError(
      `The value of ${placeText(letter.place)} was too large for the dead-letter topic, and is no longer at ${topic} ${placeText(place)}.`,
    );
  return found[0]!;
}
