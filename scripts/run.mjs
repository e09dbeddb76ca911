import { Failure, runMain } from './lib/failure.mjs';
import { runProduct } from './lib/product.mjs';
import { ensureReady } from './lib/ready.mjs';

await runMain(async () => {
  const [command, ...args] = process.argv.slice(2);
  if (!command) throw new Failure('no command was given', 'node scripts/run.mjs <command> [arguments]');
  await ensureReady();
  return runProduct('cli', [command, ...args]);
});
