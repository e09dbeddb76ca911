import type { Config } from '@fraud/platform';

/** The three topics of the engine, by what is in them. */
export interface TopicNames {
  readonly transactions: string;
  readonly decisions: string;
  readonly deadLetters: string;
}

/** As the settings name them. */
export function topicNames(
  config: Pick<Config, 'TRANSACTIONS_TOPIC' | 'DECISIONS_TOPIC' | 'DEAD_LETTER_TOPIC'>,
): TopicNames {
  return {
    transactions: config.TRANSACTIONS_TOPIC,
    decisions: config.DECISIONS_TOPIC,
    deadLetters: config.DEAD_LETTER_TOPIC,
  };
}

export const allOf = ({ transactions, decisions, deadLetters }: TopicNames): readonly string[] => [
  transactions,
  decisions,
  deadLetters,
];
