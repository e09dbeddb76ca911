import 'reflect-metadata';
import { ModelRefused } from '@fraud/model';
import { ConfigError, loadConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { banner } from './banner.js';
import { createApp } from './create-app.js';

/** A stop that takes longer is ended: Ctrl-C must work within five seconds. */
const STOP_WITHIN_MS = 4000;

async function main(): Promise<void> {
  const config = loadConfig();
  const engine = await Engine.open(config);
  const app = await createApp(engine, config);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    });
  }
  await app.listen(config.PORT, config.HOST);
  process.stdout.write(`${banner(await app.getUrl(), engine, config)}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError)
    return `fraud-detection does not start, the configuration is wrong:\n${error.message}`;
  if (error instanceof ModelRefused)
    return `fraud-detection does not start, the model was refused (${error.reason}): ${error.message}`;
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return `fraud-detection does not start: ${(error as Error).message}. Another process listens there; set PORT to a free one, or 0 for any.`;
  }
  return `fraud-detection does not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
