import { runMain } from './lib/failure.mjs';
import { runProduct } from './lib/product.mjs';
import { ensureReady } from './lib/ready.mjs';

await runMain(async () => {
  await ensureReady();
  const [app, ...args] = process.argv.slice(2);
  return app === 'consumer' ? runProduct('consumer', args) : runProduct('api', process.argv.slice(2));
});
