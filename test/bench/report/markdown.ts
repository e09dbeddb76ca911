import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Run } from '../measure/sample.js';
import type { Options } from '../options.js';
import {
  FIRST_WARM_UP_SECONDS,
  KAFKA_WARM_UP_SECONDS,
  MOST_DEGRADED,
  PARTITIONS,
  WARM_UP_SECONDS,
} from '../plan.js';
import { circumstances } from './circumstances.js';
import { GATE_MARGIN, REFERENCE_ECHO_US } from './goals.js';
import { goalTable, noiseWarning, phaseTables } from './tables.js';
import { writeMarkdown } from './write-markdown.js';

/**
 * Writes the report of a whole run.
 * @param peers the report on the peer, of this run or an earlier one
 */
export function writeReport(file: string, peers: string, options: Options, run: Run): void {
  writeMarkdown(file, [
    `# Benchmarks\n\nWritten by \`npm run bench\`; do not edit.`,
    circumstances(options, run),
    noiseWarning(run.samples),
    `## Goals\n\n${goalTable(run)}`,
    ...phaseTables(run.samples).map(({ title, table }) => `## ${title}\n\n${table}`),
    peersSection(peers),
    reading(options),
  ]);
}

function peersSection(file: string): string {
  const where = existsSync(file)
    ? `is in [${basename(file)}](${basename(file)}), with the date and the commit of its run`
    : 'has not been measured yet';
  return `## Peers\n\nThis project beside a FastAPI service for the same job, with the same ONNX model (\`npm run bench -- --peers\`), ${where}.`;
}

function reading({ rounds }: Options): string {
  return `## How to read it

- **Echo**: a Fastify POST route that parses the same JSON and sends it back. A ratio to it, taken on the same machine
  in the same minute, says what the engine adds and compares across machines; absolute figures do not.
- **Embedded**: histories in the process. **Redis**: a private \`redis-server\` without persistence, started by the
  benchmark on the same machine. Both with \`RECORDS=off\`. **Recorded**: with Redis, and every decision goes to the spool before
  its answer leaves and to a private Postgres on the same machine behind it; the CPU is that of the API with its thread, not
  that of Postgres. The consumer records in a Postgres of its own, too.
- **Recording**: the lines of a turn and their one write to the spool, which is what recording costs the event loop.
- Each server is warmed up for ${FIRST_WARM_UP_SECONDS} s, and for ${WARM_UP_SECONDS} s more before each measure. In each of ${rounds} rounds all take turns in
  every phase. Figures are medians over the rounds, ratios are medians of each round's ratio, "slowest" and "longest"
  are those of all rounds.
- Every request is another transaction: 2,000 cards, 500 merchants, 70 % e-commerce with device and address, 30 % at
  terminals; event time advances so that a card pays about twice a day. All servers get the same sequence.
- **CPU per transaction**: user and system time of all threads of the process over the measure, divided by its
  requests; none is under way when the measure starts or ends.
- **Kafka**: the same transactions lie in a topic before the consumer starts, keyed by card and not compressed; a private
  broker (one, so one replica), a Redis, and the consumer are all on this machine. Each topic has ${PARTITIONS} partitions, and the
  consumer runs with its defaults. Each round has new topics, a new group and a new consumer, which is measured after ${KAFKA_WARM_UP_SECONDS} s
  while transactions remain. Decisions are counted in their topic, so all of them are acknowledged; dead letters or
  repeated decisions make the run invalid. "× echo" is the ratio to the closed loop of the echo, over HTTP, in the same
  round; the broker's CPU is that of its Java process. "Load generator" is the process that watches.
- **Store protocol**: the exchanges of a process at work (state of card, device, address, merchant and terminal, stored
  decisions, and the commits of the turn before), back to back, without HTTP, features and model: with one transaction each,
  and in turns. Both ends are busy then; behind the API with one connection Redis sleeps between two transactions,
  and waking up costs it as much again, as the figures of the serial phase show.
- **Features**: the embedded store in the turns of a replay (what is known is read and appended, vectors are made of it, and counted
  with the next turn), without validation, model and decision. **Vectors**: of one transaction whose card has so many events, with the
  histories of device, address, merchant and terminal. Both on one thread; the CPU is that of the whole process, its collector included.
- **Model**: the run of the shipped model over vectors of histories, which gives scores and contributions, and the reasons of the
  rows that are not approved, as in the engine.
- **Closed loop**: a connection sends when its answer has come, so latency there tells how full the machine was.
  **Open loop**: requests leave on a fixed schedule whatever the server does, and latency counts from the moment at
  which a request was due (no coordinated omission). "Sent late by" is the part of it that the generator caused, or
  that a request waited for a free connection.
- **Goals** in µs, in ms and per second are meant for a machine on which the bare echo takes ${REFERENCE_ECHO_US} µs of CPU in the
  closed loop. "At reference speed" is the figure divided by how many times as much the echo took in the same round (multiplied, where
  the goal is a throughput): this, its range over the rounds, and the ratios are held to the limits; "measured" is the bare
  figure. "Echo itself" is what the echo took in the same phase of this run (CPU where the goal is a ratio; over Kafka and for
  parts in the closed loop).
- **GC**: pauses of the server as Node's \`PerformanceObserver\` reports them, in all servers by the same probe.
- Any answer but 200, or more than ${100 * MOST_DEGRADED} % degraded answers in a closed loop or over Kafka, makes a run invalid: it then ends with
  exit code 2 and writes nothing. Degraded answers in an open loop mean that the rate was more than this machine
  carries: Redis or the engine had to wait for a core longer than the budget allows.

## Limits

- The load generator, the server and Redis share one machine. With two cores the closed loop with Redis is bound by
  all three together: its throughput is lower than that of an API on a machine of its own.
- The broker takes its share of the two cores as well: the consumer decides more where the broker has a machine of its own.
- Loopback has no network latency. CPU time is counted by the kernel in steps of 10 ms.
- On virtual machines neighbours show in p99.9 and in the slowest request first. Compare medians of rounds, and look
  at the range of the rounds before believing a difference.

## Gate

\`npm run bench -- --short\` runs the closed loop and Kafka only, writes nothing, and ends with exit code 1 when a CPU ratio is
above its goal × ${GATE_MARGIN} in two attempts. The margin is for the noise of short rounds on shared machines.`;
}
