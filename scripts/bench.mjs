import { runMain } from './lib/failure.mjs';
import { runChild } from './lib/child.mjs';
import { inRoot } from './lib/paths.mjs';
import { productNode } from './lib/product-node.mjs';
import { ensureReady } from './lib/ready.mjs';

/** Usage: npm run bench [-- options of test/bench/main.ts] */
await runMain(async () => {
  await ensureReady();
  const args = [inRoot('test/bench/main.ts'), ...process.argv.slice(2)];
  const { code } = await runChild(productNode(), args, { inherit: true });
  return code;
});
