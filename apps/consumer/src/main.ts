import 'reflect-metadata';
import { endBySignals, loadConsumerConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { announce, refuseStart, reportCrash, startTracing, stopInTime } from '@fraud/service';
import { announcement } from './announcement.js';
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
  const tracing = await startTracing('fraud-detection-consumer', engine.versions.engine);
  const app = await createApp(engine, config, engine.records, tracing);
  reportCrash();
  stopInTime(0);
  await app.listen(config.CONSUMER_PORT, config.HOST);
  announce(announcement(await app.getUrl(), engine, config), config.LOG_FORMAT);
}

endBySignals();
try {
  await main();
} catch (error) {
  refuseStart(error, 'CONSUMER_PORT');
}
