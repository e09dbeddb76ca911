import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runChild } from './child.mjs';
import { Failure } from './failure.mjs';
import { root } from './paths.mjs';
import { productNode } from './product-node.mjs';
import { withProgress } from './progress.mjs';
import { sourceHash } from './source-hash.mjs';

const APPS = ['api', 'consumer', 'cli'];

/** The stamp lives in dist, so that removing dist removes it as well. @param {string} directory */
const stampFile = (directory) => path.join(directory, 'dist/.source-hash');

/** Whether dist is the build of the sources as they are now. @param {string} [directory] */
export function isBuilt(directory = root) {
  try {
    return readFileSync(stampFile(directory), 'utf8') === sourceHash(directory);
  } catch {
    return false;
  }
}

/** Builds all apps into an empty dist; the stamp is written only after every one of them succeeded. */
export async function build() {
  // Taken before the compiler reads: a file saved during the build makes the next start build again.
  const hash = sourceHash(root);
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  await withProgress(`Building ${APPS.join(', ')}`, async () => {
    const outcomes = await Promise.all(APPS.map(buildApp));
    const failed = APPS.filter((_, index) => outcomes[index]?.code !== 0);
    if (failed.length === 0) return;
    const detail = [...new Set(outcomes.filter(({ code }) => code !== 0).map(({ output }) => output))].join(
      '\n',
    );
    const next = 'mend the errors above (`npm run check -- types` shows them again), then start again';
    throw new Failure(`${failed.join(', ')} did not compile`, next, { detail });
  });
  writeFileSync(stampFile(root), hash);
}

/** @param {string} app */
function buildApp(app) {
  const nest = path.join(root, 'node_modules/@nestjs/cli/bin/nest.js');
  return runChild(productNode(), [nest, 'build', app]);
}
