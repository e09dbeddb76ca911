import { parseArgs } from 'node:util';
import { runMain } from './lib/failure.mjs';
import { buildImage } from './lib/image/build.mjs';
import { openEngine } from './lib/image/engine.mjs';
import { MOST_MB, sizesOf } from './lib/image/sizes.mjs';
import { ensureReady } from './lib/ready.mjs';

/** Usage: npm run image [-- --tag fraud-detection:v1.2.0]: builds it without Docker, and shows what is how large. */
await runMain(async () => {
  const { values } = parseArgs({
    options: { tag: { type: 'string', short: 't', default: 'fraud-detection' } },
  });
  await ensureReady({ build: false });
  const engine = await openEngine();
  await buildImage(engine, values.tag);
  const { product, whole, node } = await sizesOf(engine, values.tag);
  for (const [directory, megabytes] of Object.entries(product))
    console.log(`${megabytes.toFixed(1).padStart(8)} MB  ${directory}`);
  console.log(`${whole.toFixed(1).padStart(8)} MB  in all, ${node.toFixed(1)} MB of it Node with npm`);
  console.log(`${(whole - node).toFixed(1).padStart(8)} MB  without Node; at most ${MOST_MB} MB`);
  return whole - node <= MOST_MB ? 0 : 1;
});
