import type { Topic } from '../kafka/find-topics.js';
import { allOf, type TopicNames } from '../kafka/topic-names.js';
import { UserError } from '../user-error.js';

/** What the options ask for. */
export interface Wanted {
  readonly partitions?: number | undefined;
  readonly replication?: number | undefined;
}

export interface PlannedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly action: 'create' | 'keep';
  /** Takes messages that are larger than those of the others: a dead letter is its message and some headers. */
  readonly large: boolean;
}

/** Partitions up to so many transactions a second, as operators plan them. */
const BY_LOAD = [
  [5000, 6],
  [20_000, 12],
  [50_000, 24],
  [Infinity, 48],
] as const;

/** How many partitions a topic of so many transactions a second takes. */
export const partitionsFor = (perSecond: number): number => BY_LOAD.find(([below]) => perSecond < below)![1];

const PARTITIONS = partitionsFor(0);
const REPLICATION = 3;

/**
 * What has to be done for the topics. What exists stays as it is; what is missing gets as many partitions as asked
 * for, else as the transactions have.
 * @throws UserError where that cannot be had
 */
export function planTopics(
  names: TopicNames,
  existing: ReadonlyMap<string, Pick<Topic, 'partitions' | 'replication'>>,
  brokers: number,
  wanted: Wanted,
): readonly PlannedTopic[] {
  const partitions = wanted.partitions ?? existing.get(names.transactions)?.partitions ?? PARTITIONS;
  const replication = wanted.replication ?? Math.min(REPLICATION, brokers);
  if (replication > brokers) {
    throw new UserError(
      `--replication ${replication} needs as many brokers, and there ${brokers === 1 ? 'is 1' : `are ${brokers}`}`,
    );
  }
  return allOf(names).map((name) => {
    const there = existing.get(name);
    const large = name === names.deadLetters;
    if (there === undefined) return { name, partitions, replication, action: 'create', large };
    if (wanted.partitions !== undefined && wanted.partitions > there.partitions) {
      throw new UserError(refusal(name, there.partitions, wanted.partitions));
    }
    return { name, partitions: there.partitions, replication: there.replication, action: 'keep', large };
  });
}

function refusal(name: string, has: number, wanted: number): string {
  return (
    `${name} has ${has} partitions, and --partitions asks for ${wanted}. Nothing was changed: with more partitions ` +
    'most cards move to another one, where their next transactions may overtake those that still wait in the old ' +
    'one.\nMake new topics with the number that is wanted (TRANSACTIONS_TOPIC, DECISIONS_TOPIC, ' +
    'DEAD_LETTER_TOPIC, LABELS_TOPIC and BYPASSED_TOPIC name them), and switch over when the old ones are read to their end.'
  );
}
