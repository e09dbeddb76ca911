import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadGenerator } from './load-generator.js';
import type { LoadResult } from './load/protocol.js';
import { PHASES, WARM_UP_SECONDS, type PhaseName, type SubjectName } from './plan.js';
import { ask } from './servers/ipc.js';
import { machineCpuSeconds } from './servers/machine-cpu.js';
import { cpuSeconds } from './servers/process-cpu.js';
import type { Subject } from './servers/subjects.js';

/** One measure of one server under one load. */
export interface Sample {
  readonly subject: SubjectName;
  readonly phase: PhaseName;
  readonly round: number;
  readonly load: LoadResult;
  /** CPU seconds of the server process, of Redis, and of the load generator. */
  readonly cpu: number;
  readonly redisCpu: number | null;
  readonly generatorCpu: number;
  /** CPU seconds that everything else on the machine took, other guests of its host included. */
  readonly othersCpu: number;
  /** Length of the window of all these CPU seconds. */
  readonly windowSeconds: number;
  /** GC pauses of the server, milliseconds by kind. */
  readonly gc: Readonly<Record<string, readonly number[]>>;
}

/** Everything that one run brought. */
export interface Run {
  readonly samples: readonly Sample[];
  readonly redisVersion: string;
  /** CPU of a bare PING, one at a time, µs; null where Redis was not used. */
  readonly redisPingUs: number | null;
}

/** Work that a server does behind its last answers belongs to them. */
const SETTLE_MS = 150;

/** Warms the server up under the load of the phase, then measures it. No request is under way at either end. */
export async function measure(
  subject: Subject,
  phase: PhaseName,
  round: number,
  seconds: number,
  generator: LoadGenerator,
): Promise<Sample> {
  const { connections } = PHASES[phase];
  await generator.connect(subject.server.port, connections);
  const warmUp = await load(subject, phase, WARM_UP_SECONDS, generator);
  const before = await snapshot(subject, generator);
  const result = await load(subject, phase, seconds, generator);
  const after = await snapshot(subject, generator);
  const cpu = after.cpu - before.cpu;
  const redisCpu = after.redisCpu - before.redisCpu;
  const generatorCpu = after.generatorCpu - before.generatorCpu;
  return {
    subject: subject.name,
    phase,
    round,
    load: { ...result, failures: { ...warmUp.failures, ...result.failures } },
    cpu,
    redisCpu: subject.redis === null ? null : redisCpu,
    generatorCpu,
    othersCpu: Math.max(0, after.machineCpu - before.machineCpu - cpu - redisCpu - generatorCpu),
    windowSeconds: (after.at - before.at) / 1000,
    gc: after.gc,
  };
}

/** Loads a server and notes how far it came in the sequence of transactions. */
export async function load(
  subject: Subject,
  phase: PhaseName,
  seconds: number,
  generator: LoadGenerator,
): Promise<LoadResult> {
  const result = await generator.run({
    seconds,
    rate: PHASES[phase].rate,
    firstTransaction: subject.nextTransaction,
    wholeAnswer: subject.wholeAnswer,
  });
  subject.nextTransaction += result.requests;
  return result;
}

/**
 * What makes a sample worthless; null when nothing does.
 * @param mostDegraded share of degraded answers that a closed loop may have
 */
export function invalid(
  { subject, phase, load: { failures, degraded, requests } }: Sample,
  mostDegraded: number,
): string | null {
  const failed = Object.entries(failures).map(([reason, count]) => `${count} × ${reason}`);
  if (failed.length > 0) return `${phase} ${subject}: ${failed.join(', ')}`;
  if (PHASES[phase].rate !== null || degraded <= requests * mostDegraded) return null;
  return `${phase} ${subject}: ${((100 * degraded) / requests).toFixed(1)} % of the answers were degraded`;
}

async function snapshot(subject: Subject, generator: LoadGenerator) {
  await sleep(SETTLE_MS);
  const { pauses } = await ask<{ pauses: Record<string, number[]> }>(subject.server.child, { type: 'gc' });
  return {
    gc: pauses,
    at: performance.now(),
    machineCpu: machineCpuSeconds(),
    cpu: cpuSeconds(subject.server.pid),
    redisCpu: (await subject.redis?.cpuSeconds()) ?? 0,
    generatorCpu: cpuSeconds(generator.pid),
  };
}
