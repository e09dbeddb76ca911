import type { Config } from '@fraud/platform';
import type { Engine } from '@fraud/scoring';
import { modelNote, privacyNote, recordsNote, redisNote, type Announcement } from '@fraud/service';

const EXAMPLE = JSON.stringify({
  transaction_id: 'first-1',
  occurred_at: '2026-01-05T13:37:00+01:00',
  amount: 4999,
  currency: 'EUR',
  card_id: 'card-7f3a91',
  merchant_id: 'merchant-042',
  channel: 'ecommerce',
  country: 'FR',
});

/** What runs, what is embedded and what is real, and a command to try. */
export function announcement(url: string, engine: Engine, config: Config): Announcement {
  return {
    headline: `fraud-detection ${engine.versions.engine} decides at ${url}`,
    notes: {
      feature_store:
        redisNote(engine) ?? 'embedded in memory: histories end with the process (REDIS_URL makes it real)',
      records: recordsNote(engine, config),
      privacy: privacyNote(config),
      model: modelNote(engine, config),
      not_built_yet: 'rules, lists, access keys (so: bound to loopback by default)',
      look_around: `${url}/docs  ${url}/health  ${url}/ready  ${url}/metrics`,
    },
    examples: [`curl -s ${url}/v1/decisions -H 'content-type: application/json' -d '${EXAMPLE}'`],
  };
}
