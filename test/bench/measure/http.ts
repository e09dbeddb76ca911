import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadGenerator } from '../load-generator.js';
import type { LoadResult } from '../load/protocol.js';
import { LOADS, WARM_UP_SECONDS, type HttpPhaseName } from '../plan.js';
import { gcPauses } from '../servers/gc-pauses.js';
import type { HttpSubject } from '../servers/subjects.js';
import type { Sample } from './sample.js';
import { between, read, type Reading } from './window.js';

/** Work that a server does behind its last answers belongs to them. */
const SETTLE_MS = 150;

/** Warms the server up under the load of the phase, then measures it. No request is under way at either end. */
export async function measureHttp(
  subject: HttpSubject,
  phase: HttpPhaseName,
  round: number,
  seconds: number,
  generator: LoadGenerator,
): Promise<Sample> {
  await generator.connect(subject.server.port, LOADS[phase].connections);
  const warmUp = await load(subject, phase, WARM_UP_SECONDS, generator);
  await sleep(SETTLE_MS);
  await gcPauses(subject.server);
  const before = await readingOf(subject, generator);
  const result = await load(subject, phase, seconds, generator);
  await sleep(SETTLE_MS);
  const gc = await gcPauses(subject.server);
  const after = await readingOf(subject, generator);
  return {
    subject: subject.name,
    phase,
    round,
    load: { ...result, failures: { ...warmUp.failures, ...result.failures } },
    ...between(before, after),
    gc,
  };
}

/** Loads a server and notes how far it came in the sequence of transactions. */
export async function load(
  subject: HttpSubject,
  phase: HttpPhaseName,
  seconds: number,
  generator: LoadGenerator,
): Promise<LoadResult> {
  const result = await generator.run({
    seconds,
    rate: LOADS[phase].rate,
    form: subject.form,
    firstTransaction: subject.nextTransaction,
    wholeAnswer: subject.wholeAnswer,
  });
  subject.nextTransaction += result.requests;
  return result;
}

function readingOf({ server, redis }: HttpSubject, generator: LoadGenerator): Promise<Reading> {
  return read({ server: server.pid, redis, broker: null, generator: generator.pid });
}
