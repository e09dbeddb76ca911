import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoadGenerator } from '../load-generator.js';
import type { LoadResult } from '../load/protocol.js';
import type { Options } from '../options.js';
import { startSubjects, type HttpSubject } from '../servers/subjects.js';
import { writeMarkdown } from '../report/write-markdown.js';
import { overloadSections } from './markdown.js';
import { plot } from './plot.js';
import { goodput, refusedPerSecond, type OverloadRun, type Step } from './run.js';
import { HealthProbe } from './health-probe.js';

/** Of the rate at which a closed loop is served. */
const STEPS = [0.25, 0.5, 0.75, 0.9, 1, 1.25, 1.5, 2, 2.5];
/** So many that the generator is not what holds requests back. */
const CONNECTIONS = 1024;
const CLOSED_CONNECTIONS = 64;
const WARM_UP_SECONDS = 6;
/** What is answered later is of no use to a caller. */
const GOOD_WITHIN_MS = 50;
/** Requests that are due leave each so many ms: to wake for each would take more of the cores that the generator shares. */
const TICK_MS = 1;
/** Of the peak, at twice the saturation. */
const LEAST_GOODPUT = 0.85;

const REPORT = 'docs/overload.md';
const PLOT = 'docs/overload.svg';

/** @returns exit code: 1 where goodput falls below its limit, or a request was not answered at all */
export async function overload(options: Options): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'overload-'));
  const cleanUp: (() => Promise<void>)[] = [];
  try {
    const generator = new LoadGenerator();
    cleanUp.push(() => generator.stop());
    const { all } = await startSubjects(['redis'], options, directory, (stop) => cleanUp.push(stop));
    const subject = all[0] as HttpSubject;
    const run = await measure(subject, generator, options.seconds);
    const peak = Math.max(...run.steps.map(goodput));
    const twice = goodput(run.steps.find(({ times }) => times === 2)!);
    writeFileSync(PLOT, plot(run));
    writeMarkdown(REPORT, overloadSections(run, GOOD_WITHIN_MS));
    const unanswered = run.steps.flatMap(({ times, load }) =>
      Object.entries(load.failures)
        .filter(([reason]) => reason !== '503')
        .map(([reason, requests]) => `${requests} of ${load.requests} at ${times} ×: ${reason}`),
    );
    const passed = twice >= LEAST_GOODPUT * peak && unanswered.length === 0;
    console.log(
      `\n${passed ? 'passed' : 'FAILED'}: at twice the saturation ${Math.round(twice)} good answers a second, ` +
        `${((100 * twice) / peak).toFixed(1)} % of the peak (at least ${LEAST_GOODPUT * 100} %)` +
        `${unanswered.length === 0 ? '' : `; not answered: ${unanswered.join(', ')}`}\nwritten: ${REPORT}, ${PLOT}`,
    );
    return passed ? 0 : 1;
  } finally {
    for (const stop of cleanUp.toReversed()) await stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(
  subject: HttpSubject,
  generator: LoadGenerator,
  seconds: number,
): Promise<OverloadRun> {
  const { port } = subject.server;
  const offer = async (rate: number | null, lasts: number): Promise<LoadResult> => {
    const { form, wholeAnswer, nextTransaction: firstTransaction } = subject;
    const load = await generator.run({
      seconds: lasts,
      rate,
      form,
      firstTransaction,
      wholeAnswer,
      goodWithinMs: GOOD_WITHIN_MS,
      tickMs: TICK_MS,
    });
    subject.nextTransaction += load.requests;
    return load;
  };
  await generator.connect(port, CLOSED_CONNECTIONS);
  console.log('warming up');
  await offer(null, WARM_UP_SECONDS);
  const closed = await offer(null, seconds);
  const saturation = closed.requests / closed.seconds;
  console.log(`a closed loop of ${CLOSED_CONNECTIONS} connections: ${Math.round(saturation)} a second`);
  const steps: Step[] = [];
  for (const times of STEPS) {
    const perSecond = times * saturation;
    // Anew: the server closes those that have not been used for long.
    await generator.connect(port, CONNECTIONS);
    const probe = new HealthProbe(port);
    const load = await offer(perSecond, seconds);
    const step = { times, perSecond, load, healthP99: await probe.stop() };
    steps.push(step);
    console.log(
      `${times} × saturation, ${Math.round(perSecond)} a second: ${Math.round(goodput(step))} good, ` +
        `${Math.round(refusedPerSecond(step))} refused, ${load.degraded} degraded, p99 ${load.answered?.p99.toFixed(1)} ms, ` +
        `/health ${step.healthP99.toFixed(1)} ms, sent late p99 ${load.sentLateP99?.toFixed(1)} ms`,
    );
  }
  const calm = await offer(saturation / 2, seconds);
  const refused = calm.failures['503'] ?? 0;
  const after = { requests: calm.requests, refused, others: calm.requests - calm.good - refused };
  console.log(`half the saturation, right behind it: ${refused} of ${calm.requests} refused`);
  return { saturation, steps, after };
}
