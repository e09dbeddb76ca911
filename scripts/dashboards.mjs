import { runChild } from './lib/child.mjs';
import { runMain } from './lib/failure.mjs';
import { inRoot } from './lib/paths.mjs';
import { productNode } from './lib/product-node.mjs';
import { ensureReady } from './lib/ready.mjs';

/** Usage: npm run dashboards */
await runMain(async () => {
  // The help of the metrics comes from what is built.
  await ensureReady();
  const args = ['--import', inRoot('scripts/lib/ts-imports.mjs'), inRoot('deploy/grafana/generator/main.ts')];
  const { code } = await runChild(productNode(), args, { inherit: true });
  return code;
});
