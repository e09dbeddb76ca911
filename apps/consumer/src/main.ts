import 'reflect-metadata';
import { loadConsumerConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { explainStart, stopInTime } from '@fraud/service';
import { banner } from './banner.js';
import { createApp } from './create-app.js';

async function main(): Promise<void> {
  const config = loadConsumerConfig();
  // A message has waited already, and nobody waits for its answer within milliseconds: better late than degraded.
  const engine = await Engine.open(config, {
    storeTimeoutMs: config.KAFKA_STORE_TIMEOUT_MS,
    onStoreOutage: config.ON_STORE_OUTAGE,
    budgetMs: Infinity,
    door: 'kafka',
  });
  const app = await createApp(engine, config);
  stopInTime(0);
  await app.listen(config.CONSUMER_PORT, config.HOST);
  process.stdout.write(`${banner(await app.getUrl(), engine, config)}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explainStart(error, 'CONSUMER_PORT')}\n`);
  process.exit(1);
}
