import type { Config } from '@fraud/platform';
import type { Engine } from '@fraud/scoring';
import { modelNote, privacyNote, recordsNote, redisNote } from '@fraud/service';

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
export function banner(url: string, engine: Engine, config: Config): string {
  const { engine: version } = engine.versions;
  const store =
    redisNote(engine) ?? 'embedded in memory: histories end with the process (REDIS_URL makes it real)';
  return [
    '',
    `fraud-detection ${version} decides at ${url}`,
    `  feature store  ${store}`,
    recordsNote(engine, config),
    ...privacyNote(config),
    modelNote(engine, config),
    '  not built yet  rules, lists, access keys (so: bound to loopback by default)',
    `  look around    ${url}/docs  ${url}/health  ${url}/ready  ${url}/metrics`,
    '',
    'Try it:',
    `  curl -s ${url}/v1/decisions -H 'content-type: application/json' -d '${EXAMPLE}'`,
    '',
  ].join('\n');
}
