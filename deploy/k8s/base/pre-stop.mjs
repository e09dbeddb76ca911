/**
 * preStop of both programs. A pod that is to go gets no new connections from here on, and its spool, which ends with the pod,
 * gets the time to reach the records database. SIGTERM comes behind this.
 *
 * Usage: node pre-stop.mjs <port> <least seconds> <most seconds>
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** What the program itself brings to the database within its last second. */
const LITTLE_BYTES = 1024 * 1024;

const [port, least, most] = process.argv.slice(2).map(Number);
const until = performance.now() + 1000 * most;

// Load balancers learn that the pod is leaving at the same time as the pod.
await sleep(1000 * least);
while (performance.now() < until && (await waiting()) > LITTLE_BYTES) await sleep(500);

/** Bytes that the database does not have; 0 where nothing is recorded, or nobody answers. */
async function waiting() {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(2000) });
    return Number(/^fraud_spool_bytes(?:\{[^}]*\})? (\S+)$/m.exec(await answer.text())?.[1] ?? 0);
  } catch {
    return 0;
  }
}
