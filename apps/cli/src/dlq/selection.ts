import { InvalidArgumentError } from 'commander';
import { topicOffsets } from '@fraud/platform';
import type { Brokers } from '../kafka/brokers.js';
import { readRange, type TopicRange } from '../kafka/read-range.js';
import { UserError } from '../user-error.js';
import { placeText, readDeadLetter, type DeadLetter, type Place } from './dead-letter.js';

/** Which dead letters are meant. */
export interface Selection {
  readonly places?: readonly Place[] | undefined;
  readonly code?: string | undefined;
  /** Put aside then or later, ISO 8601. */
  readonly since?: string | undefined;
}

/** `3:17`: an argument that names a dead letter by partition and offset; one after the other. */
export function place(text: string, before: readonly Place[] = []): readonly Place[] {
  const match = /^(\d{1,9}):(\d{1,18})$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Give a place as `list` shows it, such as 3:17.');
  return [...before, { partition: Number(match[1]), offset: BigInt(match[2]!) }];
}

/**
 * Visits the dead letters that are meant, each partition in its order.
 * @returns how many messages of the topic were written by somebody else
 * @throws UserError where a place is named at which there is nothing
 */
export async function visitSelected(
  brokers: Brokers,
  topic: string,
  { places, code, since }: Selection,
  visit: (letter: DeadLetter) => void | Promise<void>,
): Promise<number> {
  const from = since === undefined ? 0 : Date.parse(since);
  const wanted = places === undefined ? null : new Set(places.map(placeText));
  let foreign = 0;
  await readRange(brokers, topic, await rangeOf(brokers, topic, places), async (message, partition) => {
    if (wanted !== null && !wanted.delete(placeText({ partition, offset: BigInt(message.offset) }))) return;
    const letter = readDeadLetter(message, partition);
    if (letter === null) foreign += 1;
    else if (letter.at.getTime() >= from && (code === undefined || letter.code === code)) await visit(letter);
  });
  if (wanted !== null && wanted.size > 0)
    throw new UserError(`There is nothing at ${[...wanted].join(', ')} of ${topic}: npm run dlq -- list`);
  return foreign;
}

/** As little of the topic as has all of the places. */
async function rangeOf({ admin }: Brokers, topic: string, places?: readonly Place[]): Promise<TopicRange> {
  const all = new Map(
    (await topicOffsets(admin, topic)).map(({ partition, low, high }) => [
      partition,
      { from: BigInt(low), to: BigInt(high) },
    ]),
  );
  if (places === undefined) return all;
  const range = new Map<number, { from: bigint; to: bigint }>();
  for (const { partition, offset } of places) {
    const there = all.get(partition);
    if (there === undefined || offset < there.from || offset >= there.to) continue;
    const before = range.get(partition);
    range.set(partition, {
      from: before === undefined || offset < before.from ? offset : before.from,
      to: before === undefined || offset >= before.to ? offset + 1n : before.to,
    });
  }
  return range;
}
