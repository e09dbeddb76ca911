/**
 * Node flags of every product process. A small semi-space keeps scavenges short, and one thread does them: they come
 * often, and helpers would take the other cores from requests. Full collections come rarely, because the heap may grow to
 * four times what lives in it (some 50 MB, so at most some 200 MB); other threads mark and sweep for them.
 */
export const productNodeFlags = Object.freeze([
  '--max-semi-space-size=8',
  '--no-parallel-scavenge',
  '--heap-growing-percent=300',
]);
