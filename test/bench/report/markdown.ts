import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname } from 'node:path';
import type { Run } from '../measure.js';
import type { Options } from '../options.js';
import { FIRST_WARM_UP_SECONDS, MOST_DEGRADED, WARM_UP_SECONDS } from '../plan.js';
import { NODE_FLAGS } from '../servers/server.js';
import { GATE_MARGIN } from './goals.js';
import { goalTable, noiseWarning, phaseTables } from './tables.js';

/** Writes the report of a whole run. */
export function writeReport(file: string, options: Options, run: Run): void {
  const { samples, redisVersion } = run;
  const sections = [
    `# Benchmarks\n\nWritten by \`npm run bench\`; do not edit.`,
    circumstances(options, redisVersion),
    noiseWarning(samples),
    `## Goals\n\n${goalTable(run)}`,
    ...phaseTables(samples).map(({ title, table }) => `## ${title}\n\n${table}`),
    reading(options),
  ];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${sections.filter((s) => s !== '').join('\n\n')}\n`);
}

function circumstances({ rounds, seconds, api }: Options, redisVersion: string): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `- Date: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `- Commit: ${commit()}`,
    `- Machine: ${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${memory} GiB; ${type()} ${release()}`,
    `- Node ${process.version}, Redis ${redisVersion}`,
    `- API: \`node ${NODE_FLAGS.join(' ')} ${api}\`, with \`REDIS_URL\` set or not; the echo runs with the same flags`,
    `- Run: \`npm run build && npm run bench\`, ${rounds} rounds, ${seconds} s a measure`,
  ].join('\n');
}

function reading({ rounds }: Options): string {
  return `## How to read it

- **Echo**: a Fastify POST route that parses the same JSON and sends it back. A ratio to it, taken on the same machine
  in the same minute, says what the engine adds and compares across machines; absolute figures do not.
- **Embedded**: histories in the process. **Redis**: a private \`redis-server\` without persistence, started by the
  benchmark on the same machine.
- Each server is warmed up for ${FIRST_WARM_UP_SECONDS} s, and for ${WARM_UP_SECONDS} s more before each measure. In each of ${rounds} rounds the three take turns in
  every phase. Figures are medians over the rounds, ratios are medians of each round's ratio, "slowest" and "longest"
  are those of all rounds.
- Every request is another transaction: 2,000 cards, 500 merchants, 70 % e-commerce with device and address, 30 % at
  terminals; event time advances so that a card pays about twice a day. All three servers get the same sequence.
- **CPU per transaction**: user and system time of all threads of the process over the measure, divided by its
  requests; none is under way when the measure starts or ends.
- **Closed loop**: a connection sends when its answer has come, so latency there tells how full the machine was.
  **Open loop**: requests leave on a fixed schedule whatever the server does, and latency counts from the moment at
  which a request was due (no coordinated omission). "Sent late by" is the part of it that the generator caused, or
  that a request waited for a free connection.
- **Goals** in µs and ms are those of a machine on which the bare echo takes 17 µs of CPU in the closed loop. "Echo itself"
  is what the echo took in the same phase of this run (CPU where the goal is a ratio): on a slower machine compare with that.
- **GC**: pauses of the server as Node's \`PerformanceObserver\` reports them, in all servers by the same probe.
- Any answer but 200, or more than ${100 * MOST_DEGRADED} % degraded answers in a closed loop, makes a run invalid: it then ends with
  exit code 2 and writes nothing. Degraded answers in an open loop mean that the rate was more than this machine
  carries: Redis or the engine had to wait for a core longer than the budget allows.

## Limits

- The load generator, the server and Redis share one machine. With two cores the closed loop with Redis is bound by
  all three together: its throughput is lower than that of an API on a machine of its own.
- Loopback has no network latency. CPU time is counted by the kernel in steps of 10 ms.
- On virtual machines neighbours show in p99.9 and in the slowest request first. Compare medians of rounds, and look
  at the range of the rounds before believing a difference.

## Gate

\`npm run bench -- --short\` runs the closed loop only, writes nothing, and ends with exit code 1 when a CPU ratio is
above its goal × ${GATE_MARGIN} in two attempts. The margin is for the noise of short rounds on shared machines.`;
}

function commit(): string {
  const head = output('git', ['rev-parse', '--short=12', 'HEAD']);
  if (head === null) return 'none';
  const dirty = output('git', [
    'status',
    '--porcelain',
    '--',
    'apps',
    'libs',
    'models',
    'config',
    'package-lock.json',
  ]);
  return dirty === '' ? head : `${head}, with changes that are not committed`;
}

function output(command: string, args: readonly string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}
