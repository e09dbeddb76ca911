import 'reflect-metadata';
import { endBySignals, loadConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { announce, refuseStart, reportCrash, startTracing, stopInTime } from '@fraud/service';
import { announcement } from './announcement.js';
import { createApp } from './create-app.js';

async function main(): Promise<void> {
  const config = loadConfig();
  const engine = await Engine.open(config, { door: 'http' });
  const tracing = await startTracing('fraud-detection-api', engine.versions.engine);
  const app = await createApp(engine, config, engine.records, tracing);
  reportCrash();
  stopInTime(config.DRAIN_MS);
  await app.listen(config.PORT, config.HOST);
  announce(announcement(await app.getUrl(), engine, config), config.LOG_FORMAT);
}

endBySignals();
try {
  await main();
} catch (error) {
  refuseStart(error, 'PORT');
}
