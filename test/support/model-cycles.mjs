// Loads and releases models again and again in a process of its own, and prints what its memory does.
// Usage: node --expose-gc model-cycles.mjs <dist> <directory> <directory of a model that is refused>
import { join } from 'node:path';

const [dist, directory, broken] = process.argv.slice(2);
const { loadModel } = await import(join(dist, 'libs/model/src/index.js'));
const { CATALOGUE_VERSION, FEATURE_NAMES } = await import(join(dist, 'libs/features/src/index.js'));
const catalogue = { version: CATALOGUE_VERSION, features: FEATURE_NAMES };

async function cycles(count) {
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const model = await loadModel(directory, undefined, catalogue);
    await model.run(new Float32Array(FEATURE_NAMES.length * 64), 64);
    await model.release();
    await loadModel(broken, undefined, catalogue).catch(() => refused++);
  }
  globalThis.gc();
  return { refused, rss: process.memoryUsage.rss() };
}

const before = await cycles(20);
const after = await cycles(60);
console.log(JSON.stringify({ refused: after.refused, grownBytes: after.rss - before.rss }));
