import type { Costs } from './costs.js';
import { simulate, type Fleet, type Simulated } from './simulate.js';

/** Busier than that, the autoscaler adds a process; a Redis node has no other one beside it to share with. */
export const POD_TARGET = 0.7;
export const SHARD_TARGET = 0.8;
/** Of which transactions a second a partition is to have at most: a consumer that dies leaves so much behind, each second. */
export const PARTITION_RATE = 2_500;
const SECONDS = 2;
/** Primaries that are tried. */
export const SHARDS = [1, 3, 6, 9, 12, 18, 24, 36, 48] as const;
/** Each time it takes as many pods as the busy ones need; the last ones change little. */
const MOST_STEPS = 10;

/** A row of the runbook's table, at the upper end of its load. */
export interface Row {
  readonly rate: number;
  readonly pods: number;
  readonly redis: string;
  readonly shards: number;
  readonly partitions: number;
}

export const RUNBOOK: readonly Row[] = [
  { rate: 5_000, pods: 3, redis: '1 primary + 2 replicas', shards: 1, partitions: 6 },
  { rate: 20_000, pods: 5, redis: 'cluster of 3', shards: 3, partitions: 12 },
  { rate: 50_000, pods: 10, redis: 'cluster of 6', shards: 6, partitions: 24 },
  { rate: 100_000, pods: 20, redis: 'cluster of 9', shards: 9, partitions: 48 },
];

export interface Measures {
  readonly single: Costs;
  readonly cluster: Costs;
}

const costsOf = ({ single, cluster }: Measures, shards: number): Costs => (shards === 1 ? single : cluster);

const fleetOf = (rate: number, pods: number, shards: number): Fleet => ({
  rate,
  pods,
  shards,
  trips: shards === 1 ? 1 : 2,
});

/** What the runbook's row comes to; a process or node that is busier than its core has cannot keep up: its queue grows for ever. */
export const runbookRow = ({ rate, pods, shards }: Row, measures: Measures): Simulated =>
  simulate(fleetOf(rate, pods, shards), costsOf(measures, shards), SECONDS);

export interface Needed extends Simulated {
  readonly pods: number;
  readonly shards: number;
}

/** The fewest nodes, and about the fewest processes, that are no busier than they should be; null: not with the nodes that are tried. */
export function needed(rate: number, measures: Measures): Needed | null {
  for (const shards of SHARDS) {
    const found = podsFor(rate, shards, costsOf(measures, shards));
    if (found !== null && found.shard <= SHARD_TARGET) return found;
  }
  return null;
}

/** With so many nodes; null where more processes make it no better: their smaller turns cost the nodes more. */
function podsFor(rate: number, shards: number, costs: Costs): Needed | null {
  let pods = Math.max(3, Math.ceil((rate * costs.api.each) / 1e6 / POD_TARGET));
  for (let step = 0; step < MOST_STEPS; step++) {
    const simulated = simulate(fleetOf(rate, pods, shards), costs, SECONDS);
    if (simulated.pod <= POD_TARGET) return { ...simulated, pods, shards };
    if (simulated.shard > 1) return null;
    pods = Math.max(pods + 1, Math.ceil((pods * simulated.pod) / POD_TARGET));
  }
  return null;
}
