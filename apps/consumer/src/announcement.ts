import type { ConsumerConfig } from '@fraud/platform';
import type { Engine } from '@fraud/scoring';
import { modelNote, privacyNote, recordsNote, redisNote, type Announcement } from '@fraud/service';

/** What runs, what is embedded and what is real. */
export function announcement(url: string, engine: Engine, config: ConsumerConfig): Announcement {
  const { TRANSACTIONS_TOPIC, KAFKA_GROUP_ID, DECISIONS_TOPIC, DEAD_LETTER_TOPIC } = config;
  return {
    headline: `fraud-detection ${engine.versions.engine} consumes ${TRANSACTIONS_TOPIC} as ${KAFKA_GROUP_ID}; probes at ${url}`,
    notes: {
      decisions: DECISIONS_TOPIC,
      dead_letters: DEAD_LETTER_TOPIC,
      feature_store:
        redisNote(engine) ??
        'embedded in memory: for a trial with one consumer; histories end with the process',
      records: recordsNote(engine, config),
      privacy: privacyNote(config),
      model: modelNote(engine, config),
      look_around: `${url}/health  ${url}/ready  ${url}/metrics`,
    },
  };
}
