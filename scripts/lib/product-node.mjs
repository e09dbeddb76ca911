import { existsSync } from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './paths.mjs';

const OLDEST_USABLE_MAJOR = 24;

/**
 * The Node that runs the product: the one installed as a dependency; where install scripts are switched off and
 * that binary is therefore absent, the running Node if it is new enough.
 */
export function productNode(
  directory = root,
  running = { path: process.execPath, version: process.versions.node },
) {
  const installed = path.join(
    directory,
    'node_modules/node/bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(installed)) return installed;
  if (Number.parseInt(running.version, 10) >= OLDEST_USABLE_MAJOR) return running.path;
  throw new Failure(
    `the Node runtime of this project is not in ${installed}, and Node ${running.version} is too old to stand in`,
    'npm config set ignore-scripts false --location=project, then: npm rebuild node',
  );
}
