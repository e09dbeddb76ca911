import 'reflect-metadata';
import { loadConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { explainStart, stopInTime } from '@fraud/service';
import { banner } from './banner.js';
import { createApp } from './create-app.js';

async function main(): Promise<void> {
  const config = loadConfig();
  const engine = await Engine.open(config, { door: 'http' });
  const app = await createApp(engine, config);
  stopInTime(config.DRAIN_MS);
  await app.listen(config.PORT, config.HOST);
  process.stdout.write(`${banner(await app.getUrl(), engine, config)}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explainStart(error, 'PORT')}\n`);
  process.exit(1);
}
