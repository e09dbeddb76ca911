/** @typedef {'api' | 'consumer' | 'cli'} App */

/**
 * Of those that somebody waits for, and of tools: a small semi-space keeps scavenges short.
 * Nobody waits for the consumer within milliseconds: there they are to be rare, and find less that still lives.
 * @type {Readonly<Record<App, number>>}
 */
const SEMI_SPACE_MB = { api: 8, consumer: 64, cli: 8 };

/**
 * Node flags of a product process. One thread scavenges: it does so often, and helpers would take the other cores from
 * requests. Full collections come rarely, because the heap may grow to four times what lives in it (some 50 MB, so at most
 * some 200 MB); other threads mark and sweep for them.
 * @param {App} app
 * @returns {readonly string[]}
 */
export function nodeFlagsOf(app) {
  return [
    `--max-semi-space-size=${SEMI_SPACE_MB[app]}`,
    '--no-parallel-scavenge',
    '--heap-growing-percent=300',
  ];
}
