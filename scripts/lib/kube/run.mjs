import { runChild } from '../child.mjs';

/** @typedef {{ command: string, ok: boolean, output: string }} Outcome */

/** Through a shell. @param {string} command @returns {Promise<Outcome>} */
export async function run(command) {
  const { code, output } = await runChild('bash', ['-o', 'pipefail', '-c', command]);
  return { command, ok: code === 0, output: output.trim() };
}
