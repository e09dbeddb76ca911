import { Worker } from 'node:worker_threads';
import type { Connection } from './connection.js';
import type { LoadRun } from './protocol.js';
import type { Requests } from './requests.js';
import { GRACE_MS, Tally } from './tally.js';

/** Time for the pacing thread to start. */
const LEAD_MS = 200;

/**
 * Sends on a fixed schedule whatever the server does. Latency counts from the moment at which a request was due,
 * so time that it waited for a free connection, or for the generator, is in it (no coordinated omission).
 */
export async function openLoop(
  connections: readonly Connection[],
  requests: Requests,
  run: LoadRun & { readonly rate: number },
): Promise<Tally> {
  const interval = 1000 / run.rate;
  const total = Math.round(run.rate * run.seconds);
  const start = performance.now() + LEAD_MS;
  const tally = new Tally(start, run);
  const free = [...connections];
  let sent = 0;

  const sendWhatIsDue = (now: number): void => {
    while (sent < total && free.length > 0) {
      const due = start + sent * interval;
      if (due > now) return;
      sent += 1;
      tally.sentLate.record(now - due);
      free.pop()!.send(requests.next(), due);
    }
  };

  const pacer = new Worker(new URL('pacer.ts', import.meta.url), {
    workerData: { startEpochMs: performance.timeOrigin + start, interval, total, tickMs: run.tickMs },
  });
  pacer.on('message', () => sendWhatIsDue(performance.now()));
  await new Promise<void>((resolve, reject) => {
    pacer.on('error', reject);
    const guard = setTimeout(
      () => {
        tally.fail('no answer', total - tally.done);
        resolve();
      },
      LEAD_MS + run.seconds * 1000 + GRACE_MS,
    );
    for (const connection of connections) {
      connection.onOutcome = (_, outcome, body) => {
        const now = tally.settle(connection, outcome, body);
        if (outcome !== 'closed' && outcome !== 'broken') free.push(connection);
        sendWhatIsDue(now);
        if (tally.done < total) return;
        clearTimeout(guard);
        resolve();
      };
    }
  });
  await pacer.terminate();
  return tally;
}
