import type { Latency } from '../quality/latency.js';
import { millis, table } from './table.js';

/** Percentiles below a title. */
export function latencyTable(title: string, latency: Latency): string {
  return `${title}\n${table([
    ['p50', 'p90', 'p99', 'p99.9', 'max'].map((name) => name.padStart(8)),
    [50, 90, 99, 99.9]
      .map((p) => millis(latency.percentile(p)))
      .concat(millis(latency.max()))
      .map((text) => text.padStart(8)),
  ])}`;
}
