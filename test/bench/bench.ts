import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoadGenerator } from './load-generator.js';
import { load, measureHttp } from './measure/http.js';
import { measureKafka } from './measure/kafka.js';
import { measurePart } from './measure/part.js';
import { invalid, type Run, type Sample } from './measure/sample.js';
import type { Options } from './options.js';
import {
  FIRST_WARM_UP_SECONDS,
  isPartPhase,
  LOADS,
  MOST_DEGRADED,
  MOST_DEGRADED_IN_GATE,
  PHASES,
  type PhaseName,
} from './plan.js';
import { Profiler } from './profile.js';
import { GATE_MARGIN, passesGate } from './report/goals.js';
import { progressLine, terminalReport } from './report/terminal.js';
import { writeReport } from './report/markdown.js';
import { writePeersReport } from './report/peers.js';
import { startSubjects, type Subject } from './servers/subjects.js';

/**
 * Runs the benchmark and prints its report.
 * @returns exit code: 0, 1 when the gate of the short form fails, 2 when the run is invalid
 */
export async function bench(options: Options): Promise<number> {
  let run = await runOnce(options);
  if (
    options.short &&
    (run.samples.some((s) => invalidity(s, options) !== null) || !passesGate(run.samples))
  ) {
    console.log('\nInvalid, or a CPU ratio above its limit: measuring once more.\n');
    run = await runOnce(options);
  }
  const { samples } = run;
  console.log(`\n${terminalReport(run)}`);

  const invalidities = samples.map((s) => invalidity(s, options)).filter((reason) => reason !== null);
  if (invalidities.length > 0) {
    console.error(`\nThis run is invalid:\n  ${invalidities.join('\n  ')}`);
    return 2;
  }
  if (options.output !== null) {
    const { report, peers } = options.output;
    if (run.peerVersions !== null) writePeersReport(peers, options, run, run.peerVersions);
    writeReport(report, peers, options, run);
    console.log(`\nwritten: ${run.peerVersions === null ? report : `${report}, ${peers}`}`);
  }
  if (!options.short) return 0;
  const passed = passesGate(samples);
  console.log(`\n${passed ? 'passed' : 'FAILED'}: CPU ratios against their limits × ${GATE_MARGIN}`);
  return passed ? 0 : 1;
}

const invalidity = (sample: Sample, { short }: Options): string | null =>
  invalid(sample, short ? MOST_DEGRADED_IN_GATE : MOST_DEGRADED);

/** Starts everything, measures round by round, stops everything. */
async function runOnce(options: Options): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const cleanUp: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of cleanUp.splice(0).toReversed()) await stop();
    rmSync(directory, { recursive: true, force: true });
  };
  const interrupted = (): void => {
    console.error('interrupted: stopping the servers');
    void stopAll().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    const generator = new LoadGenerator();
    cleanUp.push(() => generator.stop());
    console.log(`starting ${options.subjects.join(', ')}`);
    const { all: subjects, peer } = await startSubjects(options.subjects, options, directory, (stop) =>
      cleanUp.push(stop),
    );
    for (const subject of subjects) {
      // These are warmed up for each measure.
      if (!('server' in subject)) continue;
      console.log(`warming up ${subject.name}`);
      await generator.connect(subject.server.port, LOADS.closed.connections);
      await load(subject, 'closed', FIRST_WARM_UP_SECONDS, generator);
    }

    const samples: Sample[] = [];
    // The servers take turns within a round, so that a slow minute of the machine hits all of them.
    for (let round = 1; round <= options.rounds; round++) {
      for (const phase of options.phases) {
        for (const subject of subjects.filter(({ name }) => PHASES[phase].subjects.includes(name))) {
          const sample = await measure(subject, phase, round, options, generator);
          samples.push(sample);
          console.log(progressLine(sample, options.rounds, invalidity(sample, options)));
        }
      }
    }
    const redis = subjects.find((s) => s.redis !== null)?.redis;
    return {
      samples,
      redisVersion: (await redis?.version()) ?? 'not used',
      redisPingUs: (await redis?.pingCpuUs()) ?? null,
      peerVersions: peer?.versions ?? null,
    };
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await stopAll();
  }
}

async function measure(
  subject: Subject,
  phase: PhaseName,
  round: number,
  { seconds, profile }: Options,
  generator: LoadGenerator,
): Promise<Sample> {
  const profiler = profile ? new Profiler() : null;
  if (subject.name === 'kafka') return measureKafka(subject, round, seconds, profiler);
  if ('child' in subject) {
    if (!isPartPhase(phase)) throw new Error(`${subject.name} answers no requests`);
    return measurePart(subject, phase, round, seconds);
  }
  if (phase === 'kafka' || isPartPhase(phase)) throw new Error(`${subject.name} is loaded over HTTP`);
  if (subject.server.probed) await profiler?.start(subject.name, subject.server.child);
  const sample = await measureHttp(subject, phase, round, seconds, generator);
  await profiler?.finish();
  return sample;
}
