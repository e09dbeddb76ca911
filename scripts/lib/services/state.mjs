import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What is known of a service that was started from a directory. A node keeps its command, to be started again by it.
 * @typedef {import('./daemon.mjs').Process & { command: import('./registry.mjs').Command }} Running
 * @typedef {import('./registry.mjs').Place & Running} NodeState
 * @typedef {{ url: string, nodes: NodeState[] }} ProcessState
 * @typedef {{ url: string, container: string }} ContainerState
 * @typedef {ProcessState | ContainerState} State
 */

/** @param {string} directory @param {string} name */
const stateFile = (directory, name) => path.join(directory, `${name}.json`);

/** @param {string} directory @param {string} name @returns {State | undefined} */
export function readState(directory, name) {
  try {
    const state = JSON.parse(readFileSync(stateFile(directory, name), 'utf8'));
    return 'nodes' in state || 'container' in state ? state : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} directory @param {string} name @param {State} state */
export function writeState(directory, name, state) {
  mkdirSync(directory, { recursive: true });
  const file = stateFile(directory, name);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** @param {string} directory @param {string} name */
export function forgetState(directory, name) {
  rmSync(stateFile(directory, name), { force: true });
}
