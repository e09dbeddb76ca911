import { runMain } from './lib/failure.mjs';
import { runProduct } from './lib/product.mjs';
import { ensureReady } from './lib/ready.mjs';

await runMain(async () => {
  await ensureReady();
  return runProduct('api', process.argv.slice(2));
});
