import { rmSync } from 'node:fs';
import { runs } from './daemon.mjs';
import { startService, stopService } from './lifecycle.mjs';
import { serviceNamed } from './registry.mjs';
import { readState } from './state.mjs';

/**
 * Services of one test run, in a directory of its own, with a stop that takes everything away again.
 * @param {readonly string[]} names
 * @param {string} directory
 */
export async function startServices(names, directory) {
  // The last resort when the run dies without its teardown; stop() below is the rule.
  process.once('exit', () => names.forEach((name) => endAtOnce(name, directory)));
  /** @type {Record<string, string>} */
  const urls = {};
  const stop = async () => {
    for (const name of names) await stopService(name, directory);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    for (const name of names) urls[name] = (await startService(name, directory)).url;
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls, stop };
}

/** @param {string} name @param {string} directory */
function endAtOnce(name, directory) {
  const state = readState(directory, name);
  if (state && 'pid' in state && runs(serviceNamed(name), state)) process.kill(state.pid, 'SIGTERM');
}
