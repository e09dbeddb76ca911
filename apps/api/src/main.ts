import 'reflect-metadata';
import { ConfigError, loadConfig } from '@fraud/platform';
import { ModelRefused } from '@fraud/model';
import { Engine } from '@fraud/scoring';
import { banner } from './banner.js';
import { createApp } from './create-app.js';

/** A stop that takes longer than draining and this is ended: Ctrl-C must work within five seconds. */
const STOP_WITHIN_MS = 4000;

/** What to do where listening fails, by the system's error code. */
const LISTEN_ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another process listens there: set PORT to a free one, or 0 for any.',
  EADDRNOTAVAIL: 'HOST is not an address of this machine: set it to 127.0.0.1, or 0.0.0.0 for all.',
  ENOTFOUND: 'HOST is not known: set it to an address of this machine, such as 127.0.0.1.',
  EACCES: 'PORT may not be used by this user: set it to 1024 or more.',
};

async function main(): Promise<void> {
  const config = loadConfig();
  const engine = await Engine.open(config);
  const app = await createApp(engine, config);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      const drainMs = signal === 'SIGINT' ? 0 : config.DRAIN_MS;
      setTimeout(() => process.exit(1), drainMs + STOP_WITHIN_MS).unref();
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
  const advice = LISTEN_ADVICE[(error as NodeJS.ErrnoException).code ?? ''];
  if (advice !== undefined) return `fraud-detection does not start: ${(error as Error).message}. ${advice}`;
  return `fraud-detection does not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
