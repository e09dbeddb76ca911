import type { ConsumerConfig } from '@fraud/platform';
import type { Engine } from '@fraud/scoring';
import { modelNote, privacyNote, recordsNote, redisNote } from '@fraud/service';

/** What runs, what is embedded and what is real. */
export function banner(url: string, engine: Engine, config: ConsumerConfig): string {
  const { engine: version } = engine.versions;
  const store =
    redisNote(engine) ?? 'embedded in memory: for a trial with one consumer; histories end with the process';
  return [
    '',
    `fraud-detection ${version} consumes ${config.TRANSACTIONS_TOPIC} as ${config.KAFKA_GROUP_ID}; probes at ${url}`,
    `  decisions      ${config.DECISIONS_TOPIC}`,
    `  dead letters   ${config.DEAD_LETTER_TOPIC}`,
    `  feature store  ${store}`,
    recordsNote(engine, config),
    ...privacyNote(config),
    modelNote(engine, config),
    `  look around    ${url}/health  ${url}/ready  ${url}/metrics`,
    '',
  ].join('\n');
}
