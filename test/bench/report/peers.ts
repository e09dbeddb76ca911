import type { Options } from '../options.js';
import type { Run, Sample } from '../measure/sample.js';
import { PHASE_NAMES, PHASES, type PhaseName } from '../plan.js';
import { circumstances } from './circumstances.js';
import { CPU, overRounds, P50, P99, REDIS_CPU, samplesOf, THROUGHPUT } from './figures.js';
import { shown, table } from './markdown-table.js';
import { NAMES, noiseWarning, ratio } from './tables.js';
import { writeMarkdown } from './write-markdown.js';

const FIGURES = [{ ...CPU, label: 'CPU of the server, µs per transaction' }, REDIS_CPU, THROUGHPUT, P50, P99];

/** Title and table of each phase in which the peer was measured beside the API with Redis. */
export function peerTables(samples: readonly Sample[]): { title: string; table: string }[] {
  return PHASE_NAMES.filter(
    (phase) => samplesOf(samples, phase, 'peer').length > 0 && samplesOf(samples, phase, 'redis').length > 0,
  ).map((phase) => ({ title: PHASES[phase].title, table: peerTable(samples, phase) }));
}

function peerTable(samples: readonly Sample[], phase: PhaseName): string {
  const own = samplesOf(samples, phase, 'redis');
  const peer = samplesOf(samples, phase, 'peer');
  const echo = samplesOf(samples, phase, 'echo');
  const header = ['', NAMES.redis, '× echo', NAMES.peer, '× echo', 'peer ÷ ours'];
  const rows = FIGURES.map((figure) => [
    figure.label,
    shown(overRounds(own, figure), figure.digits),
    ratio(own, echo, figure),
    shown(overRounds(peer, figure), figure.digits),
    ratio(peer, echo, figure),
    ratio(peer, own, figure),
  ]);
  return table(header, rows);
}

/** Writes what was measured beside the peer into a file of its own: a run without it leaves that as it is. */
export function writePeersReport(file: string, options: Options, run: Run, versions: string): void {
  writeMarkdown(file, [
    '# Benchmarks: peers\n\nWritten by `npm run bench -- --peers`; do not edit.',
    circumstances(options, run, [`- FastAPI peer: ${versions}`]),
    noiseWarning(run.samples),
    ...peerTables(run.samples).map(({ title, table: rows }) => `## ${title}\n\n${rows}`),
    READING,
  ]);
}

const READING = `## How it was measured

- **The peer**: a FastAPI service for the same job, pydantic in front, one Redis script for four entities and three
  windows, ONNX, a decision, Prometheus; in the best settings known for it: orjson answers, packed script, one worker,
  uvloop, httptools. It is no part of this repository: its files are used as they lie in the directory of peers.
- **The same model**: both score with the file \`models/model.onnx\` of this project. A few lines of ours
  (\`test/bench/peers/shared_model.py\`) stand where the peer makes its session: they pass on the peer's own 24 feature
  values, cut or padded to the width of the model, which costs it about 2 µs a transaction, and ask for the score
  alone; this project asks the same run for the contributions too, of which it makes its reasons.
- **The same load**: the same transactions from the same generator, in the peer's own form (amounts in major units; a
  purchase in a shop has its terminal for a device). Each has a Redis of its own. They take turns in every round.
- **CPU of the server**: user and system time of all its processes. Redis is told apart. Ratios are medians of each
  round's ratio. Any answer that is not 200 makes the run invalid.`;
