/**
 * Node flags of every product process. A small semi-space keeps scavenges short, one GC thread leaves the other
 * cores to requests, and a heap that may grow to four times what lives in it makes the long pause, the full
 * collection, rare (some 50 MB live, so at most some 200 MB).
 */
export const productNodeFlags = Object.freeze([
  '--max-semi-space-size=8',
  '--single-threaded-gc',
  '--heap-growing-percent=300',
]);
