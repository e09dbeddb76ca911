import path from 'node:path';
import { root } from './paths.mjs';

/**
 * How to call npm so that it survives emptying node_modules: with the Node that runs npm itself, and without
 * node_modules/.bin on the PATH, whose own `node` npm is about to replace.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function npmCommand(env = process.env) {
  const cleaned = { ...env, ONNXRUNTIME_NODE_INSTALL: 'skip', PATH: withoutOwnBin(env.PATH ?? '') };
  const cli = env.npm_execpath ?? '';
  if (path.basename(cli) === 'npm-cli.js' && env.npm_node_execpath && !isInside(env.npm_node_execpath)) {
    return { command: env.npm_node_execpath, args: [cli], env: cleaned, shell: false };
  }
  const windows = process.platform === 'win32';
  return { command: windows ? 'npm.cmd' : 'npm', args: [], env: cleaned, shell: windows };
}

/** @param {string} searchPath */
function withoutOwnBin(searchPath) {
  return searchPath
    .split(path.delimiter)
    .filter((directory) => !isInside(directory))
    .join(path.delimiter);
}

/** @param {string} file */
function isInside(file) {
  return path.resolve(file).startsWith(path.join(root, 'node_modules'));
}
