import type { Latency } from '../load/protocol.js';
import { PHASES } from '../plan.js';
import type { Run, Sample } from '../measure/sample.js';
import { CPU, REDIS_CPU } from './figures.js';
import { peerTables } from './peers.js';
import { goalTable, noiseWarning, phaseTables } from './tables.js';

/**
 * One line for a measure that has just ended.
 * @param reason what makes it invalid; null when nothing does
 */
export function progressLine(sample: Sample, rounds: number, reason: string | null): string {
  const { load } = sample;
  const redisCpu = REDIS_CPU.of(sample);
  return [
    `round ${sample.round}/${rounds}`,
    PHASES[sample.phase].title.padEnd(27),
    sample.subject.padEnd(8),
    `${Math.round(load.requests / load.seconds)}/s`.padStart(8),
    ...(load.latency === null ? [] : [latencies(load.latency)]),
    `CPU ${CPU.of(sample)!.toFixed(1)} µs${redisCpu === null ? '' : `, Redis ${redisCpu.toFixed(1)} µs`}`,
    ...(reason === null ? [] : [`INVALID: ${reason}`]),
  ].join('  ');
}

const latencies = ({ p50, p99, p999 }: Latency): string =>
  `p50 ${p50.toFixed(2)}  p99 ${p99.toFixed(2)}  p99.9 ${p999.toFixed(2)} ms`;

/** All tables of a run. */
export function terminalReport(run: Run): string {
  const { samples } = run;
  const phases = phaseTables(samples).map(({ title, table }) => `${title}\n\n${table}`);
  const peers = peerTables(samples).map(({ title, table }) => `Peers: ${title}\n\n${table}`);
  return [...phases, ...peers, goalTable(run), noiseWarning(samples)]
    .filter((part) => part !== '')
    .join('\n\n');
}
