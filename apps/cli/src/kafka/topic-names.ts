import type { Config } from '@fraud/platform';

/** The topics of the engine, by what is in them. */
export interface TopicNames {
  readonly transactions: string;
  readonly decisions: string;
  readonly deadLetters: string;
  readonly labels: string;
  readonly bypassed: string;
}

/** As the settings name them. */
export function topicNames(
  config: Pick<
    Config,
    'TRANSACTIONS_TOPIC' | 'DECISIONS_TOPIC' | 'DEAD_LETTER_TOPIC' | 'LABELS_TOPIC' | 'BYPASSED_TOPIC'
  >,
): TopicNames {
  return {
    transactions: config.TRANSACTIONS_TOPIC,
    decisions: config.DECISIONS_TOPIC,
    deadLetters: config.DEAD_LETTER_TOPIC,
    labels: config.LABELS_TOPIC,
    bypassed: config.BYPASSED_TOPIC,
  };
}

/** Those that a transaction and its answer take. */
export const ofDecisions = ({ transactions, decisions, deadLetters }: TopicNames): readonly string[] => [
  transactions,
  decisions,
  deadLetters,
];

export const allOf = (names: TopicNames): readonly string[] => [
  ...ofDecisions(names),
  names.labels,
  names.bypassed,
];
