import { eachOf, type Costs } from './costs.js';
import { simulate, type Fleet, type Simulated } from './simulate.js';

/** Busier than that, the autoscaler adds a process; and no Redis node is to be. */
export const POD_TARGET = 0.7;
export const SHARD_TARGET = 0.5;
/** Of which transactions a second a partition is to have at most: a consumer that dies leaves so much behind, each second. */
export const PARTITION_RATE = 2_500;
const SECONDS = 5;
/** The cluster whose costs were measured. */
const MEASURED_SHARDS = 3;

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
  { rate: 20_000, pods: 5, redis: 'Cluster (3 nodes)', shards: 3, partitions: 12 },
  { rate: 50_000, pods: 10, redis: 'Cluster (6 nodes)', shards: 6, partitions: 24 },
  { rate: 100_000, pods: 20, redis: 'Cluster (9 nodes)', shards: 9, partitions: 48 },
];

export interface Measures {
  readonly single: Costs;
  readonly cluster: Costs;
}

/** With as many nodes; what a turn costs beside its transactions grows with them, since each is asked. */
function costsOf({ single, cluster }: Measures, shards: number): Costs {
  if (shards === 1) return single;
  const { api, redis } = cluster;
  return { api, redis: { ...redis, turn: (redis.turn * shards) / MEASURED_SHARDS } };
}

const fleetOf = (rate: number, pods: number, shards: number): Fleet => ({
  rate,
  pods,
  shards,
  trips: shards === 1 ? 1 : 2,
});

/** The runbook's row; null: it cannot keep up, and its queue would grow for ever. */
export function runbookRow({ rate, pods, shards }: Row, measures: Measures): Simulated | null {
  const costs = costsOf(measures, shards);
  // In the largest turns everything is cheapest: what does not fit then fits never.
  const fits =
    (rate / pods) * eachOf(costs.api, 128) < 1e6 && (rate / shards) * eachOf(costs.redis, 128) < 1e6;
  return fits ? simulate(fleetOf(rate, pods, shards), costs, SECONDS) : null;
}

export interface Needed extends Simulated {
  readonly pods: number;
  readonly shards: number;
}

/** The fewest processes and nodes that are no busier than they should be. */
export function needed(rate: number, measures: Measures): Needed {
  for (let shards = 1; ; shards = shards === 1 ? MEASURED_SHARDS : shards + 1) {
    const costs = costsOf(measures, shards);
    if ((rate / shards) * eachOf(costs.redis, 128) > SHARD_TARGET * 1e6) continue;
    for (let pods = 3; ; pods++) {
      if ((rate / pods) * eachOf(costs.api, 128) > POD_TARGET * 1e6) continue;
      const simulated = simulate(fleetOf(rate, pods, shards), costs, SECONDS);
      if (simulated.shard > SHARD_TARGET) break;
      if (simulated.pod <= POD_TARGET) return { ...simulated, pods, shards };
    }
  }
}
