import type { Connection } from './connection.js';
import type { LoadRun } from './protocol.js';
import type { Requests } from './requests.js';
import { GRACE_MS, Tally } from './tally.js';

/** Each connection sends its next request as soon as the answer to the last one has come. */
export async function closedLoop(
  connections: readonly Connection[],
  requests: Requests,
  run: LoadRun,
): Promise<Tally> {
  const start = performance.now();
  const end = start + run.seconds * 1000;
  const tally = new Tally(start, run);
  let running = connections.length;

  await new Promise<void>((resolve) => {
    const guard = setTimeout(
      () => {
        tally.fail('no answer', running);
        resolve();
      },
      run.seconds * 1000 + GRACE_MS,
    );
    for (const connection of connections) {
      connection.onOutcome = (_, outcome, body) => {
        const now = tally.settle(connection, outcome, body);
        if (now < end && outcome !== 'closed' && outcome !== 'broken')
          return connection.send(requests.next(), now);
        running -= 1;
        if (running > 0) return;
        clearTimeout(guard);
        resolve();
      };
      connection.send(requests.next(), performance.now());
    }
  });
  return tally;
}
