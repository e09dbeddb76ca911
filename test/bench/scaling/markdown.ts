import { shown, table } from '../report/markdown-table.js';
import { whenAndWhere } from '../report/circumstances.js';
import { eachOf, storeUs, type Cost } from './costs.js';
import {
  needed,
  PARTITION_RATE,
  POD_TARGET,
  RUNBOOK,
  runbookRow,
  SHARD_TARGET,
  SHARDS,
  type Measures,
} from './fleets.js';
import type { Measure } from './measure.js';
import { NETWORK_US, simulate } from './simulate.js';

const DAY_S = 86_400;
/** What a decided transaction takes in Redis until its stored decision expires, of docs/sizing.md: bytes, and for how long, s. */
const STORED_BYTES = 336;
const STORED_S = 3600;
/** Transactions in a turn: of pods that are busy. */
const PAPER_ROWS = 16;
const ON_PAPER = [250_000, 500_000, 1_000_000];
const ALONE_RATES = [1_000, 2_000, 5_000, 8_000];

/** Sections of docs/scaling.md. @param recordBytes of a recorded decision */
export function scalingSections(single: Measure, cluster: Measure, recordBytes: number): string[] {
  const measures: Measures = { single: single.costs, cluster: cluster.costs };
  const best = Math.max(...single.points.map(({ perSecond }) => perSecond));
  const least = Math.min(...single.points.map(({ apiUs }) => apiUs));
  return [
    '# Scaling',
    'Written by `npm run bench -- --scaling`; do not edit.',
    whenAndWhere().join('\n'),
    '## What one process does',
    'One API process, `RECORDS=off`, in a closed loop of ever more connections until some are refused, on two cores that it shares with Redis (of a cluster: three primaries and three replicas) and the load generator. What comes ' +
      'while a turn is under way is the next turn: the more comes, the larger are turns, and the cheaper is each transaction. Recording takes a part more, see [benchmarks.md](benchmarks.md): its goals tell both.',
    pointTable('one Redis', single),
    pointTable('a cluster of three primaries', cluster),
    `At the least a decision took ${shown(least, 1)} µs: ${shown(1e6 / least, 0)} a second and core; the closed loops reached up to ${shown(best, 0)}. ` +
      `A process uses one core, and a part of a second one for its collector: **one process per pod**, and more pods, not larger ones. The autoscaler's ` +
      `${POD_TARGET * 100} % of a core are ${shown((POD_TARGET * 1e6) / least, 0)} a second.`,
    'Fitted to these: what a turn costs, and each transaction in it. On a cluster each node that a turn asks takes its part, and the keys of a transaction lie on up to seven of them: ' +
      'small turns are dear there, and more nodes make them dearer.',
    costTable(measures),
    "## The runbook's table",
    'A simulation of fleets with these costs, at the upper end of each row. Transactions arrive independently of each other, at any pod; each pod works one turn after another on ' +
      `a core of its own, and each Redis node on one; between them are ${NETWORK_US} µs of network, there and back, for each trip (two on a ` +
      'cluster, [ADR 0014](adr/0014-redis-cluster.md)). Pauses of systems, networks and collectors are not in it: real percentiles are higher; how busy all are is not changed by that.',
    runbookTable(measures),
    `Busier than 100 %: more comes than they can decide, and what is beyond is refused. Needed: the fewest primaries (of ${SHARDS.join(', ')}), and about the fewest pods, that stay below ` +
      `${POD_TARGET * 100} % and ${SHARD_TARGET * 100} % of their cores. On faster cores it is fewer: ` +
      'the echo of [benchmarks.md](benchmarks.md) says how fast these are. The autoscaler ends at 20 pods; beyond the last row raise `maxReplicas`. ' +
      `A partition has at most ${shown(PARTITION_RATE, 0)} transactions a second, so that what a dead consumer leaves behind is soon made up for.`,
    '### The simulation beside a process that runs',
    'One pod and one Redis on cores of their own, by simulation. What open loops measured at 2,000 and 5,000 a second, on cores that all share, stands in ' +
      '[benchmarks.md](benchmarks.md).',
    aloneTable(measures),
    '## What grows with the load',
    growthTable(measures, recordBytes),
    `A recorded decision takes ${shown(recordBytes, 0)} bytes of Postgres with its indexes, measured. What histories take in Redis grows with cards and merchants, not with ` +
      'the load: [sizing.md](sizing.md). Stored decisions do: those of the last hour, for repeats.',
    '## On paper, to a million a second',
    'The same costs, of turns of 16, without the simulation. Nobody has run this: it says what it would take if nothing else got in the way, which at that size something does.',
    paperTable(measures, recordBytes),
  ];
}

function pointTable(name: string, { points }: Measure): string {
  const header = [
    name,
    'decisions a second',
    'transactions a turn',
    'CPU of the API, µs each',
    'of Redis, µs each',
  ];
  return table(
    header,
    points.map(({ connections, perSecond, rows, apiUs, redisUs }) => [
      `${connections} connections`,
      shown(perSecond, 0),
      shown(rows, 1),
      shown(apiUs, 1),
      shown(redisUs, 1),
    ]),
  );
}

function costTable({ single, cluster }: Measures): string {
  const line = (name: string, api: Cost, redis: Cost): string[] => [
    name,
    shown(api.turn, 0),
    shown(api.each, 1),
    shown(redis.turn, 0),
    shown(redis.each, 1),
  ];
  return table(
    ['µs', 'API, a turn', 'API, each', 'Redis, a turn and node', 'Redis, each'],
    [line('one Redis', single.api, single.redis), line('cluster of three', cluster.api, cluster.redis)],
  );
}

const primaries = (shards: number): string => (shards === 1 ? 'one Redis' : `${shards} primaries`);
const percentiles = ({ p50, p99 }: { readonly p50: number; readonly p99: number }): string =>
  `${shown(p50, 1)} / ${shown(p99, 1)}`;
const percent = (share: number): string => `${shown(100 * share, 0)} %`;

function runbookTable(measures: Measures): string {
  const rows = RUNBOOK.map((row) => {
    const found = runbookRow(row, measures);
    const least = needed(row.rate, measures);
    return [
      shown(row.rate, 0),
      `${row.pods} pods; ${row.redis}`,
      percent(found.pod),
      percent(found.shard),
      Math.max(found.pod, found.shard) > 1 ? '–' : percentiles(found),
      least === null
        ? `more than ${SHARDS.at(-1)} primaries`
        : `${least.pods} pods, ${primaries(least.shards)}`,
      least === null ? '–' : percentiles(least),
      `${row.partitions}: ${shown(row.rate / row.partitions, 0)} a second each`,
    ];
  });
  return table(
    [
      'TPS',
      'the runbook',
      'pods busy',
      'nodes busy',
      'p50 / p99, ms',
      'needed',
      'p50 / p99, ms',
      'partitions',
    ],
    rows,
  );
}

function aloneTable({ single }: Measures): string {
  const rows = ALONE_RATES.map((rate) => {
    const { p50, p99, pod, shard, rows: turn } = simulate({ rate, pods: 1, shards: 1, trips: 1 }, single, 10);
    return [shown(rate, 0), shown(turn, 1), percent(pod), percent(shard), shown(p50, 2), shown(p99, 2)];
  });
  return table(['TPS', 'transactions a turn', 'pod busy', 'Redis busy', 'p50, ms', 'p99, ms'], rows);
}

function growthTable(measures: Measures, recordBytes: number): string {
  const rows = RUNBOOK.map(({ rate }) => {
    const least = needed(rate, measures);
    return [
      shown(rate, 0),
      least === null ? '–' : `${shown(least.shard * least.shards, 1)} cores`,
      `${shown((rate * STORED_S * STORED_BYTES) / 1e9, 1)} GB`,
      `${shown((rate * DAY_S * recordBytes) / 1e12, 1)} TB`,
      shown((rate * DAY_S) / 1e6, 0),
    ];
  });
  return table(
    ['TPS', 'CPU of Redis', 'stored decisions in Redis', 'records a day', 'million decisions a day'],
    rows,
  );
}

function paperTable(measures: Measures, recordBytes: number): string {
  const { api, redis } = measures.cluster;
  const rows = ON_PAPER.map((rate) => {
    const pods = Math.ceil((rate * eachOf(api, PAPER_ROWS)) / 1e6 / POD_TARGET);
    const nodes = primariesFor(rate, redis);
    return [
      shown(rate, 0),
      shown(pods, 0),
      shown(nodes, 0),
      shown(Math.ceil(rate / PARTITION_RATE), 0),
      `${shown((rate * STORED_S * STORED_BYTES) / 1e9, 0)} GB`,
      `${shown((rate * DAY_S * recordBytes) / 1e12, 1)} TB`,
    ];
  });
  return table(
    ['TPS', 'pods', 'Redis primaries', 'partitions', 'stored decisions in Redis', 'records a day'],
    rows,
  );
}

/** In turns of PAPER_ROWS, each of which asks more nodes the more there are. */
function primariesFor(rate: number, redis: Cost): number {
  let nodes = 1;
  while ((rate / PAPER_ROWS) * storeUs(redis, nodes, PAPER_ROWS) > nodes * SHARD_TARGET * 1e6) nodes += 1;
  return nodes;
}
