import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What is known of a service that was started from a directory.
 * @typedef {{ url: string, port: number, pid: number, started: string }} ProcessState
 * @typedef {{ url: string, port: number, container: string }} ContainerState
 * @typedef {ProcessState | ContainerState} State
 */

/** @param {string} directory @param {string} name */
const stateFile = (directory, name) => path.join(directory, `${name}.json`);

/** @param {string} directory @param {string} name @returns {State | undefined} */
export function readState(directory, name) {
  try {
    return JSON.parse(readFileSync(stateFile(directory, name), 'utf8'));
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
