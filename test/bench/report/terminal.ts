import { PHASES } from '../plan.js';
import type { Run, Sample } from '../measure.js';
import { CPU, REDIS_CPU } from './figures.js';
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
    `p50 ${load.p50.toFixed(2)}  p99 ${load.p99.toFixed(2)}  p99.9 ${load.p999.toFixed(2)} ms`,
    `CPU ${CPU.of(sample)!.toFixed(1)} µs${redisCpu === null ? '' : `, Redis ${redisCpu.toFixed(1)} µs`}`,
    ...(reason === null ? [] : [`INVALID: ${reason}`]),
  ].join('  ');
}

/** All tables of a run. */
export function terminalReport(run: Run): string {
  const { samples } = run;
  const phases = phaseTables(samples).map(({ title, table }) => `${title}\n\n${table}`);
  return [...phases, goalTable(run), noiseWarning(samples)].filter((part) => part !== '').join('\n\n');
}
